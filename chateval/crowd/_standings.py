"""How each worker stands in a task: what they have passed, failed and done, told by their sessions."""

import logging
import random
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from chateval.allocation import GoldHistory, RefusalReason, is_gold_due
from chateval.annotation import Grade, Verdict, judge
from chateval.config import Study
from chateval.crowd._scripts import SCREENING, gold_condition, is_aside, is_gold
from chateval.errors import AnnotationFormatError
from chateval.session import Session, SessionRecord, judge_by_files
from chateval.worlds import ModelChatScript, Outcome, ScreeningScript, check_results, grade_of

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Grant:
    """A qualification that a worker has earned, or that marks what they have failed."""

    name: str
    value: int = 1


@dataclass
class Standing:
    """One worker's sessions, summed up."""

    units_done: int = 0
    golds_held: int = 0
    golds_right: int = 0
    golds_wrong: int = 0
    checks_failed: int = 0
    granted: set[str] = field(default_factory=set)


class Standings:
    """Decides what a worker is to do next, and which qualifications their sessions bring."""

    def __init__(self, study: Study) -> None:
        self._study = study
        self._by_worker: defaultdict[str, Standing] = defaultdict(Standing)
        self._aside: Counter[bool] = Counter()
        """How many trainings (False) and gold units (True) have been begun and not been walked out of."""
        self._draw = random.Random(f"{study.seed} golds")  # noqa: S311  (a draw to be repeated, not a secret)

    def refusal(self, worker_name: str, qualifications: frozenset[str]) -> RefusalReason | None:
        """Why a worker may not go on: what they failed, or answers that differed too often from those known."""
        study, standing = self._study, self._by_worker[worker_name]
        held = qualifications | standing.granted
        failed = {stage.failed_qualification for stage in (study.screening, study.onboarding) if stage is not None}
        if failed & held:
            return RefusalReason.NOT_PASSED
        if study.golds is not None and _disqualified(study.golds.qualification_base) in held:
            return RefusalReason.STOPPED
        if study.attention is not None and study.attention.max_failed is not None:
            return RefusalReason.STOPPED if standing.checks_failed > study.attention.max_failed else None
        return None

    def next_aside(self, worker_name: str, qualifications: frozenset[str], met: Counter[str]) -> str | None:
        """The training or gold group that a worker is to have next; None where real work is due."""
        study, standing = self._study, self._by_worker[worker_name]
        if study.screening is not None and study.screening.qualification not in qualifications | standing.granted:
            return SCREENING
        if study.golds is None or self._is_full(True, study.golds.max_units):
            return None
        history = GoldHistory(standing.units_done, standing.golds_held, standing.golds_right, standing.golds_wrong)
        fresh = [name for group in study.golds.groups if not met[name := gold_condition(group.group_id)]]
        if fresh and is_gold_due(history, study.golds.min_golds, self._draw):
            return self._draw.choice(fresh)
        return None

    def has_room_for_training(self) -> bool:
        return self._study.screening is None or not self._is_full(False, self._study.screening.max_units)

    def is_onboarded(self, worker_name: str, qualifications: frozenset[str]) -> bool:
        stage = self._study.onboarding
        return stage is None or stage.qualification in qualifications | self._by_worker[worker_name].granted

    def judge(self, session: Session, grades: tuple[Grade, ...]) -> Verdict:
        """The study's rule on a training or an onboarding. One's own rule that fails does not fail the worker."""
        stage = self._study.screening if isinstance(session.record.script, ScreeningScript) else self._study.onboarding
        if stage is None:
            return judge_by_files(session, grades)
        try:
            return judge(stage.rule, grades)
        except AnnotationFormatError as error:
            logger.error("%s The limits in the training file decide instead.", error)  # noqa: TRY400
            return judge_by_files(session, grades)

    def began(self, worker_name: str, condition: str) -> None:
        self._count(worker_name, condition, 1)

    def never_began(self, worker_name: str, condition: str) -> None:
        self._count(worker_name, condition, -1)

    def ended(self, session: Session) -> tuple[Grant, ...]:
        """Take in a session that has ended; returns what its worker is to be granted for it."""
        record, outcome = session.record, session.outcome
        standing = self._by_worker[record.worker_name]
        standing.golds_held -= is_gold(record.condition)
        if is_aside(record.condition) and outcome in {Outcome.LEFT, Outcome.TIMED_OUT}:
            self._aside[is_gold(record.condition)] -= 1
        if outcome is Outcome.COMPLETED:
            standing.checks_failed += _failed_checks(session)
            self._count_unit(standing, session)
        grants = tuple(self._grants(session, standing))
        standing.granted |= {grant.name for grant in grants}
        return grants

    def needs_replay(self, record: SessionRecord, *, is_settled: bool) -> bool:
        """Whether what a session means for its worker can be told only by playing it again.

        One whose ending Mephisto knows of is `is_settled`: what it brings by its wording has been granted.
        """
        script = record.script
        counts_checks = self._study.attention is not None and self._study.attention.max_failed is not None
        return (
            counts_checks
            or isinstance(script, ScreeningScript)
            or is_gold(record.condition)
            or (isinstance(script, ModelChatScript) and script.onboarding is not None)
            or (isinstance(script, ModelChatScript) and script.acceptability is not None and not is_settled)
        )

    def done_before(self, record: SessionRecord, outcome: Outcome) -> None:
        """Count a session of earlier that needs no replay."""
        self._by_worker[record.worker_name].units_done += outcome is Outcome.COMPLETED

    def _count(self, worker_name: str, condition: str, change: int) -> None:
        if is_aside(condition):
            self._aside[is_gold(condition)] += change
        self._by_worker[worker_name].golds_held += change * is_gold(condition)

    def _count_unit(self, standing: Standing, session: Session) -> None:
        if not is_gold(session.record.condition):
            standing.units_done += 1
        elif self._study.golds is not None:
            mistakes = sum(grade.mistakes for work in session.work for grade in grade_of(work).values())
            is_right = mistakes <= self._study.golds.allowed_mistakes
            standing.golds_right += is_right
            standing.golds_wrong += not is_right

    def _grants(self, session: Session, standing: Standing) -> Iterator[Grant]:
        study, is_training = self._study, isinstance(session.record.script, ScreeningScript)
        stage = study.screening if is_training else study.onboarding
        if stage is not None and any(session.verdicts):
            yield Grant(stage.qualification)
        elif stage is not None and session.outcome is Outcome.NOT_QUALIFIED:
            yield Grant(stage.failed_qualification)
        if study.golds is not None and is_gold(session.record.condition) and session.outcome is Outcome.COMPLETED:
            base = study.golds.qualification_base
            yield Grant(f"{base}-correct-golds", standing.golds_right)
            yield Grant(f"{base}-wrong-golds", standing.golds_wrong)
            if standing.golds_wrong > study.golds.max_incorrect:
                yield Grant(_disqualified(base))
        block = study.admission.block_qualification
        if block is not None and session.outcome is Outcome.COMPLETED and has_violations(session):
            yield Grant(block)

    def _is_full(self, condition_is_gold: bool, most: int | None) -> bool:
        return most is not None and self._aside[condition_is_gold] >= most


def _disqualified(base: str) -> str:
    return f"{base}-disqualified"


def has_violations(session: Session) -> bool:
    """Whether anything that the person has typed is not acceptable, where that is looked at."""
    return any(session.violations(dialogue) for dialogue in range(len(session.bots)))


def _failed_checks(session: Session) -> int:
    return sum(not is_right for work in session.work for is_right in check_results(work).values())
