"""The folders of a study, as absolute paths."""

import os
from dataclasses import dataclass
from pathlib import Path

from chateval.config._complaints import Complaints
from chateval.config._project import absolute
from chateval.config._settings import StudySettings


@dataclass(frozen=True)
class Places:
    """`task_dir` holds what the researcher wrote, `data_dir` what runs write."""

    task_dir: Path
    data_dir: Path
    chat_data_folder: Path | None

    def resolve(self, path: str) -> Path:
        """A path of the study: relative ones are meant from `task_dir`, wherever the command is run."""
        return absolute(str(self.task_dir / Path(path).expanduser()))


def find_places(settings: StudySettings, data_dir_is_given: bool, complaints: Complaints) -> Places:
    task_dir = absolute(settings.task_dir)
    if not task_dir.is_dir():
        complaints.about(
            "task_dir", f"{settings.task_dir!r} is no folder. Name the folder that holds the study's files."
        )
    data_dir = absolute(settings.data_dir)
    key = "data_dir"
    if settings.mephisto.datapath is not None:
        datapath = absolute(settings.mephisto.datapath)
        if data_dir_is_given and datapath != data_dir:
            text = f"{settings.mephisto.datapath!r} is not {settings.data_dir!r}, which data_dir says."
            complaints.about("mephisto.datapath", f"{text} Both mean the same folder: remove one of the two.")
        data_dir, key = datapath, "mephisto.datapath"
    _check_writable(data_dir, key, complaints)
    return Places(task_dir, data_dir, _chat_data_folder(settings, complaints))


def _chat_data_folder(settings: StudySettings, complaints: Complaints) -> Path | None:
    key, value = "mephisto.blueprint.chat_data_folder", settings.mephisto.blueprint.chat_data_folder
    if value is None:
        return None
    if "~" in value:
        text = f'{value!r} holds a "~", which other tools that read this key take for a folder of that name.'
        complaints.about(key, f"{text} Write the whole path, or one under ${{data_dir}}.")
        return None
    folder = absolute(value)
    _check_writable(folder, key, complaints)
    return folder


def _check_writable(folder: Path, key: str, complaints: Complaints) -> None:
    existing = next(place for place in (folder, *folder.parents) if place.exists())
    if not existing.is_dir():
        complaints.about(key, f"{folder} cannot be made: {existing} is a file. Name another folder.")
    elif not os.access(existing, os.W_OK | os.X_OK):
        complaints.about(key, f"{folder} cannot be written to: {existing} does not allow it. Name another folder.")
