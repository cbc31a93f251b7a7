"""The folder that `datasets.load_dataset` takes."""

import re
from pathlib import Path
from typing import Any, cast

import pyarrow.parquet as pq
import pytest
from omegaconf import OmegaConf

from chateval.analysis import CollectedDialogue, CollectedTurn
from chateval.analysis._card import TABLES
from chateval.analysis._meanings import MEANINGS
from chateval.dialogue import Speaker, Turn

from .labelled import BUILT_IN, SCALE, export_all, labels, session

ROOT = Path(__file__).parents[2]
CHAT = CollectedDialogue("s1-0", 0, "echo", (CollectedTurn(Turn(Speaker.USER, "Hi!"), 1_000.0),), {})


@pytest.fixture
def dataset(tmp_path: Path) -> Path:
    """With a row in each table."""
    behaviour = labels(BUILT_IN["sociality"], {1: {"sociality_q": ["antisocial"]}}, turns=(1,), part=1)
    export_all(tmp_path, session(labels(SCALE, {None: {"quality": 4}}), behaviour, dialogues=(CHAT,)))
    return tmp_path / "dataset"


def configs(dataset: Path) -> list[Any]:
    front_matter = OmegaConf.create((dataset / "README.md").read_text().split("---\n")[1])
    return cast("list[Any]", OmegaConf.to_container(front_matter.configs))


def test_the_card_names_the_tables_that_are_there(dataset: Path) -> None:
    """The loader goes by nothing else."""
    found = {}
    for config in configs(dataset):
        [files] = config["data_files"]
        assert files["split"] == "train"
        found[config["config_name"]] = pq.read_table(dataset / files["path"])

    assert set(found) == {"judgements", "label_times", "behaviours", "dialogues", "turns"}
    assert found["judgements"]["value"].to_pylist() == ["4", "1"]
    assert sorted(path.name for path in (dataset / "data").iterdir()) == sorted(f"{name}.parquet" for name in found)


def test_one_table_is_loaded_where_none_is_named(dataset: Path) -> None:
    assert [each["config_name"] for each in configs(dataset) if each.get("default")] == ["judgements"]


def test_tables_without_rows_are_left_out(dataset: Path) -> None:
    """`datasets` refuses them, and what an earlier export left there is not of this one."""
    export_all(dataset.parent, session(dialogues=(CHAT,)))

    assert [each["config_name"] for each in configs(dataset)] == ["dialogues", "turns"]
    assert sorted(path.name for path in (dataset / "data").iterdir()) == ["dialogues.parquet", "turns.parquet"]
    assert "`judgements` |" not in (dataset / "README.md").read_text()


def test_a_study_that_has_not_begun_has_a_card(tmp_path: Path) -> None:
    export_all(tmp_path)

    assert configs(tmp_path / "dataset") == []


def test_the_card_counts_what_is_there_and_asks_for_a_licence(dataset: Path) -> None:
    card = (dataset / "README.md").read_text()

    assert "Runs of the study: 2. Sessions: 1." in card
    assert re.search(r"^\| `judgements` \| .* \| 2 \|$", card, re.MULTILINE)
    assert "To be filled in by whoever publishes this data." in card


def test_every_column_is_explained_in_the_card(dataset: Path) -> None:
    card = (dataset / "README.md").read_text()

    explained = re.findall(r"^\| `(\w+)` \| `.+` \| .+ \|$", card.partition("## Columns")[2], re.MULTILINE)
    columns = {column for table, _ in TABLES.values() for column in table.columns}
    assert set(explained) == columns == set(MEANINGS)


def test_the_documents_explain_columns_in_the_same_words() -> None:
    """Whoever changes one of them changes the other."""
    text = (ROOT / "docs" / "data.md").read_text()

    assert [name for name, meaning in MEANINGS.items() if f"| `{name}` | {meaning} |" not in text] == []
