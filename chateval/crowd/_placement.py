"""The places of a run, with and without quotas, and which of them someone is given."""

import logging
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace

from chateval.allocation import Place, Places, Progress, RefusalReason, summed
from chateval.config import HumanBot, Study
from chateval.crowd._image_stack import ImageStack
from chateval.crowd._scripts import SCREENING, aside_conditions, is_aside, is_gold
from chateval.crowd._standings import Standings
from chateval.session import SessionRecord
from chateval.worlds import Outcome

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Aside:
    """A place of a training or of a gold group, that is yet to be taken or made."""

    condition: str


class Placement:
    """Places with quotas decide when a run is complete; beside them are those of trainings and gold units."""

    def __init__(self, study: Study, standings: Standings, stack: ImageStack | None = None) -> None:
        """`stack` is that of a study of pictures."""
        self._study = study
        self._stack = stack
        self._standings = standings
        self._wanted = Places([quota.name for quota in study.quotas], study.seed)
        self._aside = Places(aside_conditions(study), study.seed)
        self._people = _meetings(study)
        self._told_lonely: set[str] = set()

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

    def _lonely(self) -> set[str]:
        """Conditions in which someone would wait for a person in vain: one place is left, and nobody at any other."""
        lonely = set[str]()
        for people in self._people:
            counts = [one for one in self._wanted.progress() if one.condition in people]
            if sum(one.waiting + one.active for one in counts) == 1:
                lonely |= {one.condition for one in counts if one.waiting}
        for condition in lonely - self._told_lonely:
            logger.warning(
                "One place of %r is left, and nobody can come to be the partner there. It is not given out; stop the "
                "study once the others are done.",
                condition,
            )
        self._told_lonely |= lonely
        return lonely

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
        if self._stack is not None:
            beholder = self._stack.beholder(worker_name, met)
            return self._wanted.take_unseen(beholder, self._stack.before) or RefusalReason.NO_NEW_PICTURE
        if self._study.annotation is None:
            return self._wanted.take(met, self._lonely()) or RefusalReason.NO_PLACES
        if condition is not None and self._wanted.has_new(met):
            return Aside(condition)
        return self._wanted.take_new(met) or RefusalReason.NOTHING_NEW


def _meetings(study: Study) -> list[set[str]]:
    """For each bot that is a person, the conditions whose people can be partners there."""
    conditions = study.collection.conditions if study.collection is not None else ()
    people = [bot.name for bot in study.bots if isinstance(bot, HumanBot)]
    return [{condition.name for condition in conditions if name in condition.bots} for name in people]


def fills_its_place(record: SessionRecord, outcome: Outcome) -> bool:
    """Whether a paid session is what its place was for, rather than one that another has to make up for."""
    return outcome in {Outcome.COMPLETED, Outcome.QUALIFIED} or record.condition == SCREENING
