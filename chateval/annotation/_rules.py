"""Who passes: rules over the grades of training, onboarding and gold dialogues."""

import importlib
from collections.abc import Callable, Sequence
from typing import Annotated, Any, Literal, assert_never

from msgspec import Meta, Struct

from chateval.annotation._data_reading import did_you_mean, shown
from chateval.annotation._grading import Grade
from chateval.errors import AnnotationFormatError

Rounds = Annotated[int, Meta(ge=1)]


class MistakesRule(Struct, frozen=True, tag_field="rule", tag="mistakes"):
    """No more than `max_mistakes` turns wrong in each of the last `rounds` dialogues.

    None takes what each dialogue itself allows, and none where it says nothing.
    """

    max_mistakes: Annotated[int, Meta(ge=0)] | None = None
    rounds: Rounds = 1


class ScoreRule(Struct, frozen=True, tag_field="rule", tag="score"):
    """At least `min_score` of all turns in the last `rounds` dialogues, taken together, right."""

    min_score: Annotated[float, Meta(ge=0, le=1)]
    rounds: Rounds = 1


class CorrectRule(Struct, frozen=True, tag_field="rule", tag="correct"):
    """At least `min_correct` right and at most `max_incorrect` wrong, over all dialogues together.

    With `options`, each ticked option counts for itself: it is right if the key has it (the nearest alternative, where
    there are several), else wrong; one that is missed counts as neither. With `turns`, a turn counts once: it is right
    if its ticks are just those of the key. Early pages of ParlAI count boxes, later ones turns.
    """

    min_correct: Annotated[int, Meta(ge=0)]
    max_incorrect: Annotated[int, Meta(ge=0)]
    counts: Literal["options", "turns"] = "options"


class HookRule(Struct, frozen=True, tag_field="rule", tag="hook"):
    """A function of one's own, `package.module:function`, is called with the grades and returns a bool or a Verdict."""

    function: str


Rule = MistakesRule | ScoreRule | CorrectRule | HookRule


class Verdict(Struct, frozen=True):
    """Whether someone has passed; `note` says why, for the researcher's records."""

    is_passed: bool
    note: str = ""


Hook = Callable[[Sequence[Grade]], bool | Verdict]


def judge(rule: Rule, grades: Sequence[Grade]) -> Verdict:
    """Apply a rule to the grades so far, the last one last. Where there are none, nobody has passed.

    Raises:
        AnnotationFormatError: a hook cannot be loaded, fails, or returns something else.
    """
    if not grades:
        return Verdict(is_passed=False, note="Nothing has been graded.")
    match rule:
        case MistakesRule():
            return _judge_mistakes(rule, grades[-rule.rounds :])
        case ScoreRule():
            return _judge_score(rule, grades[-rule.rounds :])
        case CorrectRule():
            return _judge_correct(rule, grades)
        case HookRule():
            return _judge_with(rule.function, grades)
        case _:
            assert_never(rule)


def load_hook(function: str) -> Hook:
    """The function that `package.module:function` names.

    Raises:
        AnnotationFormatError: it cannot be loaded; the message says module, name and remedy.
    """
    module_name, colon, name = function.partition(":")
    if not colon or not all(part.isidentifier() for part in [*module_name.split("."), name]):
        raise AnnotationFormatError(
            f"{function!r} names no function. Write package.module:function, as in my_study.rules:is_good_enough."
        )
    module = _imported(function, module_name)
    found = getattr(module, name, None)
    if not callable(found):
        known = [each for each, value in vars(module).items() if callable(value) and not each.startswith("_")]
        reason = f"{module_name} has no function {name!r}" if found is None else f"{name!r} there is no function"
        raise AnnotationFormatError(f"{function!r}: {reason}.{did_you_mean(name, known)} Define it there.")
    hook: Hook = found
    return hook


def _imported(function: str, module: str) -> Any:
    try:
        return importlib.import_module(module)
    except ModuleNotFoundError as error:
        raise AnnotationFormatError(
            f"{function!r}: there is no module {error.name!r}. Put it where Python finds it: install it, or name its "
            "folder in PYTHONPATH."
        ) from error
    except Exception as error:  # the module is the researcher's own, and may fail in any way
        reason = f"{type(error).__name__}: {error}"
        raise AnnotationFormatError(f"{function!r}: {module} cannot be imported ({reason}). Correct it.") from error


def _judge_mistakes(rule: MistakesRule, grades: Sequence[Grade]) -> Verdict:
    allowed = [_allowed(rule, grade) for grade in grades]
    is_passed = all(grade.mistakes <= limit for grade, limit in zip(grades, allowed, strict=True))
    made = ", ".join(f"{grade.mistakes} of {limit}" for grade, limit in zip(grades, allowed, strict=True))
    return Verdict(is_passed, f"Mistakes, of those allowed, in each dialogue that counts: {made}.")


def _allowed(rule: MistakesRule, grade: Grade) -> int:
    return (grade.allowed_mistakes or 0) if rule.max_mistakes is None else rule.max_mistakes


def _judge_score(rule: ScoreRule, grades: Sequence[Grade]) -> Verdict:
    score = Grade(tuple(turn for grade in grades for turn in grade.turns)).score
    return Verdict(score >= rule.min_score, f"Score {score:.3f} where {rule.min_score:g} is needed.")


def _judge_correct(rule: CorrectRule, grades: Sequence[Grade]) -> Verdict:
    if rule.counts == "turns":
        right, wrong = sum(grade.right for grade in grades), sum(grade.mistakes for grade in grades)
    else:
        turns = [turn for grade in grades for turn in grade.turns]
        right, wrong = sum(turn.right_options for turn in turns), sum(turn.wrong_options for turn in turns)
    is_passed = right >= rule.min_correct and wrong <= rule.max_incorrect
    limits = f"at least {rule.min_correct} and at most {rule.max_incorrect} are needed"
    return Verdict(is_passed, f"{right} right and {wrong} wrong where {limits}.")


def _judge_with(function: str, grades: Sequence[Grade]) -> Verdict:
    hook = load_hook(function)
    try:
        answer = hook(tuple(grades))
    except Exception as error:  # the function is the researcher's own, and may fail in any way
        reason = f"{type(error).__name__}: {error}"
        raise AnnotationFormatError(f"{function!r} failed ({reason}). Correct it; it is called with grades.") from error
    if isinstance(answer, bool):
        return Verdict(answer)
    if isinstance(answer, Verdict):
        return answer
    raise AnnotationFormatError(f"{function!r} returned {shown(answer)}. Let it return True, False or a Verdict.")
