"""The folder that `datasets.load_dataset` takes: a card, and the tables that it names."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from chateval.analysis._behaviours import BEHAVIOUR_TABLE
from chateval.analysis._label_tables import JUDGEMENTS, LABEL_TIMES
from chateval.analysis._meanings import MEANINGS
from chateval.analysis._tables import DIALOGUES, TURNS, Table

DATA_FOLDER = "data"
TABLES: Mapping[str, tuple[Table, str]] = {
    table.name: (table, what)
    for table, what in (
        (JUDGEMENTS, "what one person said of one label of one turn, dialogue or pair"),
        (LABEL_TIMES, "one turn, or a whole, that one person labelled: its text and the time that it took"),
        (BEHAVIOUR_TABLE, "whether one person saw one behaviour in one turn, for the built-in behaviour tasks"),
        (DIALOGUES, "one conversation that was held in this study"),
        (TURNS, "one utterance of these conversations"),
    )
}

INTRODUCTION = """\
What people said to chatbots and about them in the study `{study}`, collected and exported with chateval {version}.

> **Before you publish:** write the licence into the first lines of this file and into the next section, say who took
> part and what they agreed to, and read what people wrote. It is here as they wrote it.

## Licence

*To be filled in by whoever publishes this data. Until then nobody is allowed anything.*

## Load it

```python
from datasets import load_dataset

judgements = load_dataset("path/to/this/folder", "judgements", split="train")
collected = judgements.filter(
    lambda row: row["purpose"] in ("chat", "label") and row["is_submitted"] and not (row["is_gold"] or row["is_check"])
)
```

## How it was collected

People took part in a browser, each in a session of their own. They talked to a chatbot and labelled that conversation
(`purpose` is `chat`), or labelled conversations held before (`label`). Before that some were trained on conversations
with known answers (`training`) or showed that they understood the task (`onboarding`). Among real work there may be
conversations and questions with known answers, which tell whether people were attentive: `is_gold`, `is_check`. The
order of tasks and the sides of pairs were drawn at random. Sessions that were left early are here as well: see
`outcome` and `is_submitted`. `worker` stands for one person: a pseudonym, unless the export was made with
`--worker-ids`.
"""


@dataclass(frozen=True)
class CardFacts:
    """What a card says of this one export."""

    studies: tuple[str, ...]
    versions: tuple[str, ...]
    runs: int
    sessions: int
    rows: Mapping[str, int]
    """Of each table, by name."""

    @property
    def tables(self) -> tuple[str, ...]:
        """Those with rows: `datasets` does not load one without."""
        return tuple(name for name in TABLES if self.rows[name])


def card(facts: CardFacts) -> str:
    introduction = INTRODUCTION.format(study=", ".join(facts.studies), version=", ".join(facts.versions) or "?")
    return "\n".join([*_front_matter(facts), introduction, *_counts(facts), *_columns(facts)])


def _front_matter(facts: CardFacts) -> Iterable[str]:
    yield "---"
    yield "license: unknown  # fill in, for example: cc-by-4.0"
    yield "configs:" if facts.tables else "configs: []"
    for number, name in enumerate(facts.tables):
        yield f"- config_name: {name}"
        if number == 0:
            yield "  default: true"
        yield "  data_files:"
        yield "  - split: train"
        yield f"    path: {DATA_FOLDER}/{name}.parquet"
    yield "---"
    yield ""
    yield f"# {', '.join(facts.studies)}"
    yield ""


def _counts(facts: CardFacts) -> Iterable[str]:
    yield "## What is in it"
    yield ""
    yield f"Runs of the study: {facts.runs}. Sessions: {facts.sessions}."
    yield ""
    yield "| table | a row is | rows |"
    yield "|---|---|---:|"
    for name in facts.tables:
        yield f"| `{name}` | {TABLES[name][1]} | {facts.rows[name]:,} |"
    yield ""


def _columns(facts: CardFacts) -> Iterable[str]:
    yield "## Columns"
    yield ""
    yield "Times are UTC. A text that there is none of is empty; other values that there are none of are null."
    yield ""
    yield "| column | in | meaning |"
    yield "|---|---|---|"
    for column, meaning in MEANINGS.items():
        homes = [f"`{name}`" for name in facts.tables if column in TABLES[name][0].columns]
        if homes:
            yield f"| `{column}` | {', '.join(homes)} | {meaning} |"
    yield ""
