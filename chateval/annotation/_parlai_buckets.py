"""ParlAI's buckets: boxes under each turn of the bot, each with a `name` and a `description`."""

from typing import Any

from chateval.annotation._data_reading import Problems, did_you_mean, shown
from chateval.annotation._files import at
from chateval.annotation._ids import MAX_ID_CHARACTERS
from chateval.annotation._tasks import NOT_APPLICABLE, Checks, Option, Task, TurnTask

TASK_ID = "annotations"
QUESTION_ID = "buckets"
KEYS = ("description", "name", "value")


def is_parlai(root: Any) -> bool:
    """Whether a file holds ParlAI's buckets, whose entries have a name or a description and are no tasks."""
    entries = root if isinstance(root, list) else _config_of(root)
    objects = [entry for entry in entries if isinstance(entry, dict)]
    return bool(objects) and all(
        entry.keys() & {"name", "description"} and not entry.keys() & {"config", "options"} for entry in objects
    )


def read_parlai(root: Any, problems: Problems) -> dict[str, Task]:
    """The one task that a file means: any of the buckets, for each turn of the bot."""
    listed = enumerate(root, start=1) if isinstance(root, list) else root["config"].items()
    options = [_option(str(key), entry, problems) for key, entry in listed]
    buckets = tuple(option for option in options if option is not None)
    for name in {option.id for option in buckets}:
        if (count := sum(option.id == name for option in buckets)) > 1:
            problems.about("")(f"{count} buckets have the value {name!r}. Values differ; give each its own.")
    question = Checks(id=QUESTION_ID, options=buckets)
    breaks = _breaks(root, problems) if isinstance(root, dict) else False
    return {TASK_ID: TurnTask(id=TASK_ID, title=TASK_ID, questions=(question,), shows_line_breaks=breaks)}


def _config_of(root: Any) -> list[Any]:
    config = root.get("config") if isinstance(root, dict) else None
    return list(config.values()) if isinstance(config, dict) else []


def _breaks(root: dict[str, Any], problems: Problems) -> bool:
    for key in root.keys() - {"config", "show_line_breaks"}:
        guess = did_you_mean(key, ("config", "show_line_breaks"))
        problems.about(key)(f"{key!r} is no known key. Known: config, show_line_breaks.{guess}")
    breaks = root.get("show_line_breaks", False)
    if not isinstance(breaks, bool):
        problems.about("show_line_breaks")(f"{shown(breaks)} is neither true nor false. Write one of them.")
    return breaks is True


def _option(key: str, entry: Any, problems: Problems) -> Option | None:
    say = problems.about(at(key))
    if not isinstance(entry, dict):
        say(f'{shown(entry)} is no bucket. Write {{"name": ..., "description": ...}}.')
        return None
    for inner, text in entry.items():
        if inner not in KEYS:
            say(f"{inner!r} is no known key of a bucket. Known: {', '.join(KEYS)}.{did_you_mean(inner, KEYS)}")
        elif not isinstance(text, str):
            say(f"The {inner} {shown(text)} is no text. Put it in quotes.")
            return None
    value = str(entry.get("value", key))
    name = str(entry.get("name", value))
    if not 0 < len(value) <= MAX_ID_CHARACTERS or value == NOT_APPLICABLE:
        say(f"The value {shown(value)} cannot be an id. Give 1 to {MAX_ID_CHARACTERS} characters.")
    if not name.strip():
        say("The bucket has no name. Say what ticking it means.")
    return Option(value, name, help=str(entry.get("description", "")))
