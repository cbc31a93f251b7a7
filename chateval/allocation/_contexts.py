"""Which context a session's dialogues begin with."""

import random
from collections import Counter
from collections.abc import Sequence

from chateval.dialogue import Context


class ContextStock:
    """Gives out contexts evenly: none a second time before each has been used once, in an order drawn from `seed`.

    Among those that were used least, one comes first that the condition has had least, then one that is new to the
    worker. What was used is told by `note`, so that the same history leads to the same choice.
    """

    def __init__(self, contexts: Sequence[Context], seed: int) -> None:
        self._contexts = list(contexts)
        random.Random(f"{seed} contexts").shuffle(self._contexts)  # noqa: S311  (a draw to be repeated, not a secret)
        self._used: Counter[str] = Counter()
        self._by_condition: Counter[tuple[str, str]] = Counter()
        self._by_worker: Counter[tuple[str, str]] = Counter()

    def choose(self, condition: str, worker_name: str) -> Context | None:
        """The context that is due; None where there are none. Choosing changes nothing."""

        def how_often(context: Context) -> tuple[int, int, int]:
            name = context.id
            return self._used[name], self._by_condition[condition, name], self._by_worker[worker_name, name]

        return min(self._contexts, key=how_often, default=None)

    def note(self, context_id: str, condition: str, worker_name: str) -> None:
        """Count a session that has begun with a context, now or earlier; ids that are not in stock do no harm."""
        self._used[context_id] += 1
        self._by_condition[condition, context_id] += 1
        self._by_worker[worker_name, context_id] += 1
