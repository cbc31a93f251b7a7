"""Who is kept out, and why."""

from dataclasses import replace

import pytest

from chateval.allocation import Admission, Applicant, RefusalReason, refusal

SOMEONE = Applicant("w", is_blocked=False, qualifications=frozenset(), units_taken=0, units_held=0)


def test_without_rules_everyone_may_come() -> None:
    assert refusal(replace(SOMEONE, units_taken=99, units_held=99), Admission(), units_held_by_all=99) is None


@pytest.mark.parametrize(
    ("applicant", "rules", "reason"),
    [
        (replace(SOMEONE, is_blocked=True), Admission(), RefusalReason.BLOCKED),
        (SOMEONE, Admission(blocklist=frozenset({"w"})), RefusalReason.BLOCKED),
        (
            replace(SOMEONE, qualifications=frozenset({"bad"})),
            Admission(block_qualification="bad"),
            RefusalReason.BLOCKED,
        ),
        (SOMEONE, Admission(allowed_qualification="good"), RefusalReason.NOT_QUALIFIED),
        (replace(SOMEONE, units_taken=2), Admission(maximum_units_per_worker=2), RefusalReason.TOO_MANY_UNITS),
        (replace(SOMEONE, units_held=1), Admission(allowed_concurrent=1), RefusalReason.TOO_MANY_AT_ONCE),
        (SOMEONE, Admission(max_num_concurrent_units=5), RefusalReason.NO_PLACES),
    ],
)
def test_each_rule_keeps_out_whom_it_is_for(applicant: Applicant, rules: Admission, reason: RefusalReason) -> None:
    assert refusal(applicant, rules, units_held_by_all=5) is reason


def test_the_block_is_told_before_any_limit() -> None:
    """Someone blocked who is told to come back later comes back for nothing."""
    applicant = replace(SOMEONE, is_blocked=True, units_taken=5)

    assert refusal(applicant, Admission(maximum_units_per_worker=1), 0) is RefusalReason.BLOCKED


def test_every_refusal_says_a_sentence() -> None:
    assert all(reason.text.endswith((".", "!")) for reason in RefusalReason)
