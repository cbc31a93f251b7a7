"""Annotation: tasks and their questions, files that define them, answer sheets, answer keys and grading."""

from chateval.annotation._asked import all_questions, asked_questions
from chateval.annotation._attention import AttentionCheck, read_attention_checks
from chateval.annotation._data_files import read_groups, read_units
from chateval.annotation._datapoints import Datapoint, Group, ShownDialogue, TurnKey
from chateval.annotation._grading import Grade, TurnGrade, grade, is_right_answer
from chateval.annotation._ids import slug
from chateval.annotation._onboarding import Onboarding, read_onboarding
from chateval.annotation._read import read_tasks
from chateval.annotation._rules import CorrectRule, HookRule, MistakesRule, Rule, ScoreRule, Verdict, judge, load_hook
from chateval.annotation._samples import sample_datapoint
from chateval.annotation._schemas import schemas, write_schemas
from chateval.annotation._sheet import Gap, Part, Sheet
from chateval.annotation._tasks import (
    NOT_APPLICABLE,
    Checks,
    Choice,
    DialogueTask,
    FreeText,
    Option,
    PairTask,
    Question,
    Ranking,
    Scale,
    Seen,
    Selector,
    Span,
    Spans,
    Task,
    TurnTask,
    Value,
    When,
    selected_turns,
)
from chateval.annotation._training import read_golds, read_training

__all__ = [
    "NOT_APPLICABLE",
    "AttentionCheck",
    "Checks",
    "Choice",
    "CorrectRule",
    "Datapoint",
    "DialogueTask",
    "FreeText",
    "Gap",
    "Grade",
    "Group",
    "HookRule",
    "MistakesRule",
    "Onboarding",
    "Option",
    "PairTask",
    "Part",
    "Question",
    "Ranking",
    "Rule",
    "Scale",
    "ScoreRule",
    "Seen",
    "Selector",
    "Sheet",
    "ShownDialogue",
    "Span",
    "Spans",
    "Task",
    "TurnGrade",
    "TurnKey",
    "TurnTask",
    "Value",
    "Verdict",
    "When",
    "all_questions",
    "asked_questions",
    "grade",
    "is_right_answer",
    "judge",
    "load_hook",
    "read_attention_checks",
    "read_golds",
    "read_groups",
    "read_onboarding",
    "read_tasks",
    "read_training",
    "read_units",
    "sample_datapoint",
    "schemas",
    "selected_turns",
    "slug",
    "write_schemas",
]
