"""From what was collected to tables that load in one line."""

from chateval.analysis._collected import (
    BotWork,
    CollectedDialogue,
    CollectedLabels,
    CollectedSession,
    CollectedTurn,
    RunFacts,
    TurnTimes,
)
from chateval.analysis._export import Exported, export
from chateval.analysis._pseudonyms import Pseudonyms

__all__ = [
    "BotWork",
    "CollectedDialogue",
    "CollectedLabels",
    "CollectedSession",
    "CollectedTurn",
    "Exported",
    "Pseudonyms",
    "RunFacts",
    "TurnTimes",
    "export",
]
