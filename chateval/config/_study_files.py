"""Reading the files that a study names: a fault becomes a problem of the key, and what was read leaves its SHA-256."""

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from chateval.annotation import Datapoint
from chateval.config._complaints import Complaints
from chateval.config._nearest import listed
from chateval.config._places import Places
from chateval.config._project import shown
from chateval.config._settings import BlueprintSettings
from chateval.errors import AnnotationFormatError, Problem

T = TypeVar("T")


@dataclass(frozen=True)
class StudyFiles:
    """The files of a study, each by the setting that names it."""

    blueprint: BlueprintSettings
    places: Places
    complaints: Complaints
    digests: dict[str, str] = field(default_factory=dict)
    """The SHA-256 of each file that decides what is labelled, in hexadecimal."""

    def path(self, name: str) -> Path:
        return self.places.resolve(getattr(self.blueprint, name))

    def is_in_doubt(self, *names: str) -> bool:
        """Whether one of these settings is a problem already, so that what follows from it need not be said."""
        return any(self.complaints.concern(f"mephisto.blueprint.{name}") for name in names)

    def complain(self, name: str, text: str) -> None:
        self.complaints.about(f"mephisto.blueprint.{name}", text)

    def read(self, name: str, read: Callable[[Path], T], *, feature: str, is_digested: bool = True) -> T | None:
        """What the file under a setting holds; None, and a problem, where there is no such file or it has faults."""
        if self.is_in_doubt(name):
            return None
        if not getattr(self.blueprint, name):
            self.complain(name, f"{feature} needs a file, and none is named. Write {name}: and the file's path.")
            return None
        return self.read_path(name, self.path(name), read, digest=name if is_digested else "")

    def read_path(self, name: str, path: Path, read: Callable[[Path], T], *, digest: str) -> T | None:
        """As `read`, for a file that a setting only leads to; `digest` is its name among the digests, "" for none."""
        try:
            data = path.read_bytes()
            value = read(Path(shown(path)))  # so that complaints name it as a person would
        except OSError as error:
            self.complain(name, f"{shown(path)} cannot be read: {error.strerror}. Correct the path, or make the file.")
            return None
        except AnnotationFormatError as error:
            self._pass_on(name, error)
            return None
        if digest:
            self.digests[digest] = hashlib.sha256(data).hexdigest()
        return value

    def check_is_there(self, name: str, *, feature: str) -> None:
        """Complain of a file that is missing, where it cannot be read for want of another."""
        self.read(name, Path.read_bytes, feature=feature, is_digested=False)

    def check_uses(self, name: str, what: str, datapoints: Iterable[Datapoint], used: frozenset[str]) -> None:
        """Complain of tasks that people would be tested on and never do."""
        foreign = sorted({task.id for datapoint in datapoints for task in datapoint.tasks} - used)
        if foreign:
            text = f"The task of {what} is {foreign[0]!r}, and data_jsonl has {listed(used)}. People are tested on what"
            self.complain(name, f"{text} they will do: correct annotation_tasks in one of the two files.")

    def _pass_on(self, name: str, error: AnnotationFormatError) -> None:
        for problem in error.problems:
            if isinstance(problem, Problem):
                self.complaints.at(problem.where, problem.text, f"mephisto.blueprint.{name}")
            else:
                self.complain(name, problem)
