"""The places of a run, with and without quotas, and which of them someone is given."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace

from chateval.allocation import Place, Places, Progress, RefusalReason, summed
from chateval.config import Study
from chateval.crowd._scripts import SCREENING, aside_conditions, is_aside, is_gold
from chateval.crowd._standings import Standings
from chateval.session import SessionRecord
from chateval.worlds import Outcome


@dataclass(frozen=True)
class Aside:
    """A place of a training or of a gold group, that is yet to be taken or made."""

    condition: str


class Placement:
    """Places with quotas decide when a run is complete; beside them are those of trainings and gold units."""

    def __init__(self, study: Study, standings: Standings) -> None:
        self._study = study
        self._standings = standings
        self._wanted = Places([quota.name for quota in study.quotas], study.seed)
        self._aside = Places(aside_conditions(study), study.seed)

    @property
    def is_complete(self) -> bool:
        """Whether all is done that was wanted, and nobody is at a training or a gold unit any more either."""
        return self._wanted.is_complete and not self._aside.held

    def of(self, condition: str) -> Places:
        return self._aside if is_aside(condition) else self._wanted

    def progress(self) -> tuple[Progress, ...]:
        """How far each condition has come; last what fills no quota, in sum."""
        aside = self._aside.progress()
        trainings = [one for one in aside if one.condition == SCREENING]
        golds = [one for one in aside if is_gold(one.condition)]
        sums = [summed(one, name) for one, name in ((trainings, "training"), (golds, "gold units")) if one]
        return (*self._wanted.progress(), *(replace(one, needed=0, waiting=0) for one in sums))

    def lacking(self) -> Iterator[str]:
        """The conditions that need one more place each: what quotas lack, and one of each aside to be kept ready."""
        needed = {quota.name: quota.needed for quota in self._study.quotas}
        for progress in self._wanted.progress():
            yield from [progress.condition] * (needed[progress.condition] - progress.needed)
        yield from (condition for condition in aside_conditions(self._study) if not self._aside.waiting(condition))

    def choose(
        self, worker_name: str, qualifications: frozenset[str], met: Counter[str]
    ) -> Place | Aside | RefusalReason:
        """The training or gold unit that is due, else real work. A gold unit is for those who have real work left."""
        condition = self._standings.next_aside(worker_name, qualifications, met)
        if condition == SCREENING:
            is_open = not self._wanted.is_complete and self._standings.has_room_for_training()
            return Aside(condition) if is_open else RefusalReason.NO_PLACES
        if not self._wanted.has_free:
            return RefusalReason.NO_PLACES
        if self._study.annotation is None:
            return self._wanted.take(met) or RefusalReason.NO_PLACES
        if condition is not None and self._wanted.has_new(met):
            return Aside(condition)
        return self._wanted.take_new(met) or RefusalReason.NOTHING_NEW


def fills_its_place(record: SessionRecord, outcome: Outcome) -> bool:
    """Whether a paid session is what its place was for, rather than one that another has to make up for."""
    return outcome in {Outcome.COMPLETED, Outcome.QUALIFIED} or record.condition == SCREENING
