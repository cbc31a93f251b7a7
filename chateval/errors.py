"""Every error that this package raises on purpose.

ChatevalError                 something that its reader can act on; printed as one paragraph
|-- ConfigError               a study that cannot be launched as written
|   `-- StudyProblemsError    all problems of one study at once
|-- BotError                  a bot that gave no usable reply
|   |-- BotTimeoutError       ... in time
|   |-- HopelessBotError      ... nor will it, however often it is asked
|   `-- MissingDependencyError  ... because a package is not installed
|-- AnnotationFormatError     a file of annotation tasks, keys or units that cannot be used
|-- DialogueFormatError       a dialogue file that cannot be read
|-- PictureError              a picture, or a folder of them, that cannot be used
|-- JournalError              the journal cannot be written or read
|-- RouterError               the router did not start or cannot be reached
|-- ServingError              bots cannot be served, or what their server and its clients say is no word of the protocol
`-- DataDirectoryError        a data directory that cannot be used
"""

from collections.abc import Sequence
from dataclasses import dataclass


class ChatevalError(Exception):
    """An error whose message says the value, the rule and the remedy."""


class ConfigError(ChatevalError):
    """A study that cannot be launched as written."""


@dataclass(frozen=True)
class Problem:
    """One thing that keeps a study from being launched."""

    where: str
    """File and key, or the override as typed."""
    text: str
    """Value, rule and remedy, in whole sentences."""

    def __str__(self) -> str:
        return f"{self.where}: {self.text}"


class StudyProblemsError(ConfigError):
    """All problems of one study, a paragraph each."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("\n\n".join(map(str, problems)))
        self.problems = tuple(problems)


class BotError(ChatevalError):
    """A bot gave no usable reply."""


class BotTimeoutError(BotError):
    """A bot gave no reply in time."""


class HopelessBotError(BotError):
    """A bot that will answer no better when it is asked once more: a key that is refused, a model that is not there."""


class MissingDependencyError(BotError):
    """A kind of bot needs a package that is not installed."""


class AnnotationFormatError(ChatevalError):
    """A file of annotation tasks, keys or units that cannot be used: all that is wrong with it, a paragraph each."""

    def __init__(self, *problems: Problem | str) -> None:
        super().__init__("\n\n".join(map(str, problems)))
        self.problems = problems


class DialogueFormatError(ChatevalError):
    """A dialogue file that cannot be read; the message names file and line."""


class PictureError(ChatevalError):
    """A picture, or a folder of them, that cannot be used."""


class JournalError(ChatevalError):
    """The journal cannot be written or read."""


class RouterError(ChatevalError):
    """The router did not start, or cannot be reached."""


class ServingError(ChatevalError):
    """Bots cannot be served, or something that their server or a client of it says does not fit the protocol."""


class DataDirectoryError(ChatevalError):
    """A data directory that cannot be used."""
