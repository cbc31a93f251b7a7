"""Which context each session of a run begins with."""

import random

from chateval.allocation import ContextStock
from chateval.config import Study
from chateval.dialogue import Context
from chateval.session import SessionRecord
from chateval.worlds import ModelChatScript


class Openings:
    """Gives out the contexts of a study, knowing those that its task's sessions have had."""

    def __init__(self, study: Study) -> None:
        opening = study.collection.opening if study.collection is not None else None
        self._stock = ContextStock(opening.contexts, opening.seed) if opening is not None else ContextStock((), 0)

    def choose(self, condition: str, worker_name: str) -> Context | None:
        return self._stock.choose(condition, worker_name)

    def note(self, record: SessionRecord) -> None:
        """Count a session's context; both dialogues of a pair have the same."""
        contexts = record.script.contexts if isinstance(record.script, ModelChatScript) else ()
        for context in contexts[:1]:
            self._stock.note(context.id, record.condition, record.worker_name)


def drawn_context(study: Study, draw: str) -> Context | None:
    """A context for a session of which nobody knows what others have had: always the same for the same `draw`."""
    opening = study.collection.opening if study.collection is not None else None
    if opening is None or not opening.contexts:
        return None
    return random.Random(f"{opening.seed} {draw}").choice(opening.contexts)  # noqa: S311  (a draw to be repeated)
