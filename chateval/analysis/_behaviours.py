"""The sixteen behaviours that the built-in tasks ask about: each of them present in a turn, or not."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from chateval.analysis._collected import CollectedSession
from chateval.analysis._label_tables import KINDS, WORK_COLUMNS, work_row
from chateval.analysis._tables import Row, Table
from chateval.annotation import NOT_APPLICABLE, Checks, Choice, Task, Value, all_questions


@dataclass(frozen=True)
class Behaviour:
    """It shows where any of the answers `question: options` was given; `question` is the one that is always asked."""

    name: str
    tasks: tuple[str, ...]
    question: str
    shown_by: Mapping[str, tuple[str, ...]]

    def is_asked_by(self, task: Task) -> bool:
        """Whether a task is the built-in one, or one whose answers have the same ids."""
        if task.id not in self.tasks:
            return False
        asked = all_questions(task.questions)
        known = {each.id: {option.id for option in each.options} for each in asked if isinstance(each, Checks | Choice)}
        return self.question in known and all(
            known.get(name, set()).issuperset(options) for name, options in self.shown_by.items()
        )

    def value(self, task: Task, given: Mapping[str, Value]) -> int | None:
        """1 or 0, or None where the question was left open."""
        answer = given.get(self.question)
        is_box = any(isinstance(each, Checks) and each.id == self.question for each in task.questions)
        if answer == NOT_APPLICABLE or (answer is None and not is_box):
            return None
        return int(any(_says(given.get(name), options) for name, options in self.shown_by.items()))


def _says(value: Value | None, options: tuple[str, ...]) -> bool:
    return any(option in value if isinstance(value, list) else option == value for option in options)


def _simple(name: str, task: str, question: str, option: str) -> Behaviour:
    return Behaviour(name, (task,), question, {question: (option,)})


def _consistency(name: str, option: str) -> Behaviour:
    question = "consistency_label_labels"
    return Behaviour(name, ("consistency_label", "consistency_label_withprofile"), question, {question: (option,)})


BEHAVIOURS = (
    _simple("uninterpretable", "grammar", "grammar_q", "uninterpretable"),
    _simple("antisocial", "sociality", "sociality_q", "antisocial"),
    _simple("preference_info", "personal_information", "value_q", "preference"),
    _simple("life_info", "personal_information", "experience_q", "life"),
    _simple("empathetic", "empathy", "empathy_q", "empathetic"),
    _simple("lack_of_empathy", "empathy", "empathy_q", "lacks_empathy"),
    _simple("commonsense_contradiction", "commonsense", "commonsense_q", "contradicts"),
    Behaviour("correct_fact", ("knowledge",), "uses_fact", {"all_accurate": ("accurate",), "search": ("verified",)}),
    Behaviour(
        "incorrect_fact",
        ("knowledge",),
        "uses_fact",
        {"all_accurate": ("inaccurate", "misleading"), "search": ("falsified",)},
    ),
    _consistency("self_contradiction", "cont_s_ctxt"),
    _consistency("partner_contradiction", "cont_p_ctxt"),
    _consistency("redundant", "redundant"),
    _simple("ignore", "transitions", "acknowledges", "ignored"),
    _simple("irrelevant", "transitions", "relevant", "abrupt"),
    _simple("follow_up", "transitions", "new_topic", "new_point"),
    _simple("topic_switch", "transitions", "new_topic", "changes_topic"),
)


def _rows(session: CollectedSession, worker: str, study: str) -> Iterator[Row]:
    for labels in session.labels:
        asked = [each for each in BEHAVIOURS if each.is_asked_by(labels.task)] if labels.is_submitted else []
        shared = work_row(session, worker, study, labels) if asked else ()
        for turn in labels.turns:
            for behaviour in asked:
                value = behaviour.value(labels.task, labels.answers.get(turn, {}))
                if value is not None:
                    yield (*shared, turn, behaviour.name, value)


BEHAVIOUR_TABLE = Table("behaviours", [*WORK_COLUMNS, "turn", "behaviour", "value"], {**KINDS, "value": "whole"}, _rows)
