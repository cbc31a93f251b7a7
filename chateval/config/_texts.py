"""The texts of a study: HTML for the page, and lists of workers to keep out."""

from dataclasses import dataclass
from pathlib import Path

from chateval.config._complaints import Complaints
from chateval.config._html import CleanHtml, clean_html
from chateval.config._places import Places
from chateval.config._project import TASK_CONFIG, checkout, shown
from chateval.config._purpose import labels_a_file
from chateval.config._settings import StudySettings
from chateval.config._sources import Sources
from chateval.config._study import PageTexts

_BLUEPRINT = "mephisto.blueprint"
_FOR_LABELS = {
    "chat_startup_instructions_path": "label_startup_instructions.html",
    "left_pane_text_path": "label_left_pane_text.html",
}
"""The default names where dialogues come from a file: a page about chatting would mislead there."""


@dataclass(frozen=True)
class TextReader:
    """Reads the files that a study names."""

    settings: StudySettings
    places: Places
    sources: Sources
    complaints: Complaints

    def page_texts(self) -> PageTexts:
        return PageTexts(
            instructions_html=self._page_text("chat_startup_instructions_path"),
            left_pane_html=self._page_text("left_pane_text_path"),
        )

    def blocklist(self) -> frozenset[str]:
        """The ids in all files that either key names. A `#` and what follows it is a comment."""
        named = {
            f"{_BLUEPRINT}.worker_blocklist_paths": self.settings.mephisto.blueprint.worker_blocklist_paths,
            "mturk.worker_blocklist_paths": self.settings.mturk.worker_blocklist_paths,
        }
        lines = (
            line
            for key, paths in named.items()
            for path in filter(None, map(str.strip, (paths or "").split(",")))
            for line in self._read(self.places.resolve(path), key).splitlines()
        )
        return frozenset(filter(None, (line.partition("#")[0].strip() for line in lines)))

    def description(self) -> str:
        """A file that the study names, itself or by its folder, goes before the sentence in `task_description`."""
        key, file = "task_description_file", self.settings.mephisto.blueprint.task_description_file
        in_own_folder = self.sources.is_given(f"{_BLUEPRINT}.task_config_path") and self.places.resolve(file).is_file()
        if in_own_folder or self.sources.is_given(f"{_BLUEPRINT}.{key}"):
            return self._html(key)
        key = "mephisto.task.task_description"
        return self._clean(self.settings.mephisto.task.task_description, self.sources.where(key))

    def _page_text(self, name: str) -> str:
        """Where labels are all that people do, a text that nobody has written may be missing."""
        blueprint = self.settings.mephisto.blueprint
        if not labels_a_file(blueprint) or self.sources.is_given(f"{_BLUEPRINT}.{name}"):
            return self._html(name)
        folders = (self.places.resolve(blueprint.task_config_path), checkout() / TASK_CONFIG)
        found = [folder / _FOR_LABELS[name] for folder in folders if (folder / _FOR_LABELS[name]).is_file()]
        return self._clean(self._read(found[0], f"{_BLUEPRINT}.{name}"), shown(found[0])) if found else ""

    def _html(self, name: str) -> str:
        key = f"{_BLUEPRINT}.{name}"
        path = self.places.resolve(getattr(self.settings.mephisto.blueprint, name))
        if not path.is_file() and not self.sources.is_given(key):
            path = checkout() / TASK_CONFIG / path.name
        return self._clean(self._read(path, key), shown(path))

    def _read(self, path: Path, key: str) -> str:
        try:
            return path.read_text(encoding="utf-8-sig")
        except OSError as error:
            self.complaints.about(
                key, f"{shown(path)} cannot be read: {error.strerror}. Correct the path, or make the file."
            )
        except UnicodeDecodeError:
            self.complaints.about(key, f"{shown(path)} is not text in UTF-8. Save it as UTF-8.")
        return ""

    def _clean(self, html: str, where: str) -> str:
        clean: CleanHtml = clean_html(html)
        if clean.dropped:
            left_out = ", ".join(clean.dropped)
            self.complaints.notice(f"{where}: left out of the page, which shows text and runs nothing: {left_out}.")
        return clean.html
