"""Whether a worker may take a place."""

from dataclasses import dataclass
from enum import StrEnum


class RefusalReason(StrEnum):
    """Why a worker gets no place; the text is what they are told."""

    BLOCKED = "blocked"
    NOT_QUALIFIED = "not_qualified"
    TOO_MANY_UNITS = "too_many_units"
    TOO_MANY_AT_ONCE = "too_many_at_once"
    NO_PLACES = "no_places"
    NOT_PASSED = "not_passed"
    STOPPED = "stopped"
    NOTHING_NEW = "nothing_new"
    NO_NEW_PICTURE = "no_new_picture"

    @property
    def text(self) -> str:
        return _TEXTS[self]


_TEXTS = {
    RefusalReason.BLOCKED: "This study is not open to your participant ID. Thank you for your interest.",
    RefusalReason.NOT_QUALIFIED: "This study is open only to participants who were invited to it.",
    RefusalReason.TOO_MANY_UNITS: "You have already taken part in this study as often as one person may. Thank you!",
    RefusalReason.TOO_MANY_AT_ONCE: (
        "You have another part of this study open. Finish that one first, then open this link again."
    ),
    RefusalReason.NOT_PASSED: (
        "Thank you for having done the training of this study. It was not passed, so that there is no further work for "
        "you in it. This says nothing about you: the task is a matter of taste and practice. What you did is paid."
    ),
    RefusalReason.STOPPED: (
        "There is no further work for you in this study. Too many of your answers differed from those that were agreed "
        "upon beforehand. What you have done until now is paid as announced. Thank you for your time."
    ),
    RefusalReason.NOTHING_NEW: (
        "You have labelled everything in this study that is open to you: nobody labels the same dialogue twice. Thank "
        "you!"
    ),
    RefusalReason.NO_NEW_PICTURE: (
        "You have talked about every picture in this study that is open to you: nobody is shown the same one twice. "
        "Thank you!"
    ),
    RefusalReason.NO_PLACES: "All places of this study are taken at the moment. One may come free: try again later.",
}


@dataclass(frozen=True)
class Admission:
    """The study's rules; 0 means no limit."""

    blocklist: frozenset[str] = frozenset()
    block_qualification: str | None = None
    allowed_qualification: str | None = None
    maximum_units_per_worker: int = 0
    allowed_concurrent: int = 0
    max_num_concurrent_units: int = 0


@dataclass(frozen=True)
class Applicant:
    """What is known of someone who asks for a place."""

    worker_name: str
    is_blocked: bool
    qualifications: frozenset[str]
    units_taken: int
    """Units of this task that they finished or hold, over all its runs."""
    units_held: int
    """Units of this run that they hold now."""


def refusal(applicant: Applicant, rules: Admission, units_held_by_all: int) -> RefusalReason | None:
    """The first rule that keeps an applicant out, None if none does."""
    is_blocked = (
        applicant.is_blocked
        or applicant.worker_name in rules.blocklist
        or rules.block_qualification in applicant.qualifications
    )
    is_missing = rules.allowed_qualification is not None and rules.allowed_qualification not in applicant.qualifications
    checks = (
        (is_blocked, RefusalReason.BLOCKED),
        (is_missing, RefusalReason.NOT_QUALIFIED),
        (0 < rules.maximum_units_per_worker <= applicant.units_taken, RefusalReason.TOO_MANY_UNITS),
        (0 < rules.allowed_concurrent <= applicant.units_held, RefusalReason.TOO_MANY_AT_ONCE),
        (0 < rules.max_num_concurrent_units <= units_held_by_all, RefusalReason.NO_PLACES),
    )
    return next((reason for applies, reason in checks if applies), None)
