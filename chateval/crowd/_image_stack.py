"""The stack of a study of pictures: which were talked about with which bots, and by whom, over all its runs.

The journal knows it of this data directory, and is believed. `stack_folder`, where the study names one, adds what was
done elsewhere: sessions that this journal does not have.
"""

import logging
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace

from chateval.allocation import Beholder
from chateval.config import ChatPictures, Quota, Study
from chateval.crowd._scripts import is_aside
from chateval.errors import ConfigError, PictureError
from chateval.pictures import Look, Stack, combination, partner_of, picture_of, read_stack, worker_digest, write_stack
from chateval.session import Journal, SessionRecord, last_outcome
from chateval.worlds import Outcome

logger = logging.getLogger(__name__)


class ImageStack:
    """Keeps count of sessions by picture and partner, of this data directory and of others."""

    def __init__(self, pictures: ChatPictures) -> None:
        """Raises PictureError where the stack's file cannot be read."""
        self._pictures = pictures
        folder = pictures.stack_folder
        self._looks: Stack = read_stack(folder) if folder is not None else {}
        self._elsewhere = dict(self._looks)
        """What the file knew, and the journal has not been found to know."""
        self._is_written = folder is None
        self.before: Counter[str] = Counter()
        """Completed sessions by combination, without those of the run that goes on."""

    def load(self, journal: Journal, task_name: str, run_id: str = "") -> None:
        """Take in what the journal holds of a task; `run_id` is the run that goes on, if one does."""
        of_this_run: Counter[str] = Counter()
        for record, entries in journal.histories(task_name=task_name):
            outcome = last_outcome(record, entries)
            self.note(record, outcome)
            of_this_run[record.condition] += record.run_id == run_id and outcome is Outcome.COMPLETED
        self.before = self._done() - of_this_run

    def note(self, record: SessionRecord, outcome: Outcome | None) -> None:
        """Take in a session that has begun, or has ended so."""
        if is_aside(record.condition) or not picture_of(record.condition):
            return
        look = Look(record.session_id, worker_digest(record.worker_name), outcome is Outcome.COMPLETED)
        entry = (picture_of(record.condition), partner_of(record.condition), look)
        self._elsewhere.pop(record.session_id, None)
        if self._looks.get(record.session_id) != entry:
            self._looks[record.session_id] = entry
            self._is_written = self._pictures.stack_folder is None

    def quotas(self) -> tuple[Quota, ...]:
        """What a run that begins now needs.

        Raises:
            ConfigError: nothing, since there have been as many sessions as were wanted.
        """
        quotas = self._pictures.quotas(self.before)
        if not quotas:
            each = self._pictures.evals_per_combination
            raise ConfigError(
                f"Each of the {len(self._pictures.contexts)} pictures has had its {each} sessions with each bot, so "
                "that nothing is left to be collected. Raise mephisto.blueprint.evals_per_image_model_combo, add "
                "pictures or bots, or choose another mephisto.task.task_name to begin from nothing."
            )
        return quotas

    def _done(self) -> Counter[str]:
        return Counter(combination(partner, picture) for picture, partner, look in self._looks.values() if look.is_done)

    def beholder(self, worker_name: str, met: Mapping[str, int]) -> Beholder:
        """What a worker has seen: by the conditions that they have `met` here, and elsewhere by what the file knew."""
        digest = worker_digest(worker_name)
        foreign = {picture for picture, _, look in self._elsewhere.values() if look.worker == digest}
        here = [name for name, times in met.items() if times and picture_of(name)]
        partners: Counter[str] = Counter()
        for name in here:
            partners[partner_of(name)] += met[name]
        return Beholder(foreign | {picture_of(name) for name in here}, partners)

    def keep(self) -> None:
        """Write what has changed since it was last written, beside what others have written meanwhile.

        Where that fails it is tried again with the next call. May run in a thread of its own.
        """
        folder = self._pictures.stack_folder
        if folder is None or self._is_written:
            return
        self._is_written = True  # what changes while this is written is written next time
        try:
            looks = dict(self._looks)
            foreign = {session: entry for session, entry in read_stack(folder).items() if session not in looks}
            write_stack(folder, [*foreign.values(), *looks.values()])
            self._elsewhere = {**self._elsewhere, **foreign}
        except (OSError, PictureError) as error:
            self._is_written = False
            logger.error("The stack of pictures cannot be written to %s: %s", folder, error)  # noqa: TRY400


def with_image_stack(study: Study, journal: Journal, run_id: str = "") -> tuple[Study, ImageStack | None]:
    """The study with what a run of it is to collect, and its stack; as it is, and none, in a study without pictures.

    A run that begins is to collect what is lacking; `run_id` goes on with what it was to collect when it began.

    Raises:
        ConfigError: nothing is lacking.
        PictureError: the file of the stack cannot be read.
    """
    pictures = study.collection.pictures if study.collection is not None else None
    if pictures is None:
        return study, None
    stack = ImageStack(pictures)
    stack.load(journal, study.task.name, run_id)
    if not run_id:
        return replace(study, quotas=stack.quotas()), stack
    begun = next(run for run in journal.runs() if run.run_id == run_id)
    return replace(study, quotas=tuple(Quota(name, needed) for name, needed in begun.quotas.items())), stack
