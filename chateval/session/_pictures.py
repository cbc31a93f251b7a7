"""Pictures on their way to a page. A session's updates keep their ids alone, or each would hold them in memory."""

from collections.abc import Callable, Sequence

from msgspec.structs import replace

from chateval import wire


def with_sources(updates: Sequence[wire.Update], source_of: Callable[[str], str] | None) -> tuple[wire.Update, ...]:
    """The updates as they are sent: a dialogue that begins brings its picture, by the picture's id."""
    if source_of is None:
        return tuple(updates)
    return tuple(_filled(update, source_of) for update in updates)


def _filled(update: wire.Update, source_of: Callable[[str], str]) -> wire.Update:
    if not isinstance(update, wire.DialogueOpened) or update.picture is None:
        return update
    return replace(update, picture=replace(update.picture, source=source_of(update.picture.id)))
