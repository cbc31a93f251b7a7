"""When a worker meets a unit with known answers."""

import math
import random
from dataclasses import dataclass


@dataclass(frozen=True)
class GoldHistory:
    """What one worker has done so far, over all runs of a task."""

    units_done: int = 0
    """Real units, gold ones not counted."""
    golds_held: int = 0
    """Gold units that they hold at present."""
    golds_right: int = 0
    golds_wrong: int = 0


def is_gold_due(history: GoldHistory, minimum: int, draw: random.Random) -> bool:
    """Whether the next unit is to be a gold one.

    The first `minimum` are; then one more each time that the number of real units has doubled, and one for each that
    went wrong, so that the rate falls: to some 6 % after 100 units and 1 % after 1,000. When exactly is drawn, so that
    nobody can count on it.
    """
    taken = history.golds_right + history.golds_wrong + history.golds_held
    if taken < minimum:
        return True
    wanted = minimum + history.golds_wrong + int(math.log2(1 + history.units_done))
    return taken < wanted and draw.random() < 0.5
