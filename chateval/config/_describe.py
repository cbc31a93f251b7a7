"""A study in words, for those who are about to launch and to pay for it."""

import textwrap
from collections.abc import Iterator

from chateval.config._bots import BotSpec, ParlAIBot
from chateval.config._study import Study


def describe(study: Study) -> str:
    """What the study will collect, from whom, what it costs, and where it goes; then its notices."""
    return "\n".join(_lines(study))


def _lines(study: Study) -> Iterator[str]:
    yield f"{study.task.title} (conf={study.conf}, task {study.task.name})"
    yield ""
    for label, text in _facts(study):
        yield textwrap.fill(
            text, 100, initial_indent=f"{label:<12}", subsequent_indent=" " * 12, break_long_words=False
        )


def _facts(study: Study) -> Iterator[tuple[str, str]]:
    collection, sessions, each = (
        study.collection,
        study.collection.sessions_needed,
        study.collection.dialogues_per_session,
    )
    reward = study.task.reward_usd
    yield "Collects", f"{_count(sessions * each, 'dialogue')} in {_count(sessions, 'session')}, {_partners(each)}"
    for condition in collection.conditions:
        yield "", f"{' and '.join(condition.bots)}: {_count(condition.needed, 'session')}"
    yield "Bots", "; ".join(map(_bot, study.bots))
    turns, ratings = _count(collection.minimum_turns, "turn"), _count(len(collection.rating_questions), "question")
    yield "Dialogue", f"at least {turns} by the participant, {_time(collection.turn_seconds)} for each; then {ratings}"
    limit = study.task.maximum_units_per_worker
    per_worker = f"at most {limit} for one worker" if limit else "as many as a worker likes"
    yield "Session", f"up to {_time(study.task.assignment_seconds)}, {per_worker}"
    yield "Costs", f"{sessions} x ${reward:.2f} = ${sessions * reward:.2f}; the fees of a crowd platform come on top"
    yield "Served at", f"http://{study.server.hostname}:{study.server.port}/"
    yield "Data", " and ".join(str(place) for place in _data_places(study) if place)
    for notice in study.notices:
        yield "Notice", notice


def _data_places(study: Study) -> tuple[object, ...]:
    return study.data_dir, study.chat_data_folder, study.journal_url


def _partners(each: int) -> str:
    return "with one bot each" if each == 1 else "with two bots each, in random order"


def _bot(bot: BotSpec) -> str:
    if isinstance(bot, ParlAIBot):
        return f"{bot.name} ({bot.options})"
    return f"{bot.name} ({'echo' if bot.echo else _count(len(bot.lines), 'line') + ' of script'})"


def _time(seconds: int) -> str:
    for size, unit in ((86400, "day"), (3600, "hour"), (60, "minute")):
        if seconds % size == 0:
            return _count(seconds // size, unit)
    return _count(seconds, "second")


def _count(number: int, thing: str) -> str:
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"
