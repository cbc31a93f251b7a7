"""One annotation task on sample dialogues, as workers see it, with no study around it; nothing that is done stays."""

from chateval.preview._exhibit import Exhibit, Source, read_exhibit
from chateval.preview._serve import Watcher, serve_preview

__all__ = ["Exhibit", "Source", "Watcher", "read_exhibit", "serve_preview"]
