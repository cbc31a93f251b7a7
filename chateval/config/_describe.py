"""A study in words, for those who are about to launch and to pay for it."""

import textwrap
from collections import Counter
from collections.abc import Iterator

from chateval.config._describe_labels import counted, of_chat_labels, of_groups, of_training
from chateval.config._study import ChatPictures, Collection, Study, WordingChecks
from chateval.config.bots import KINDS, BotSpec, HumanBot, OpenAIBot, ParlAIBot, ScriptedBot
from chateval.dialogue import GREETINGS_CHECK, USUAL_CHECKS


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
    if study.collection is not None:
        yield from _of_collection(study, study.collection)
    if study.annotation is not None:
        yield from of_groups(study.annotation, study.quotas)
    yield from of_training(study)
    limit = study.task.maximum_units_per_worker
    per_worker = f"at most {limit} for one worker" if limit else "as many as a worker likes"
    yield "Session", f"up to {_time(study.task.assignment_seconds)}, {per_worker}"
    yield from _costs(study)
    yield "Served at", f"http://{study.server.hostname}:{study.server.port}/"
    yield "Data", " and ".join(str(place) for place in _data_places(study) if place)
    for notice in study.notices:
        yield "Notice", notice


def _of_collection(study: Study, collection: Collection) -> Iterator[tuple[str, str]]:
    sessions, each = sum(quota.needed for quota in study.quotas), collection.dialogues_per_session
    yield "Collects", f"{counted(sessions * each, 'dialogue')} in {counted(sessions, 'session')}, {_partners(each)}"
    for bots, needed in _met(study, collection):
        yield "", f"{bots}: {counted(needed, 'session')}"
    if collection.pictures is not None:
        yield "Pictures", _pictures(collection.pictures)
    yield "Bots", "; ".join(map(_bot, study.bots))
    yield "Opening", _opening(collection)
    turns, ratings = counted(collection.minimum_turns, "turn"), counted(len(collection.rating_questions), "question")
    seconds = study.limits.turn_seconds
    yield "Dialogue", f"at least {turns} by the participant, {_time(seconds)} for each; then {ratings}"
    if collection.wording is not None:
        yield "Wording", f"checked by {_checks(collection.wording)}"
    yield from of_chat_labels(collection)


def _met(study: Study, collection: Collection) -> Iterator[tuple[str, int]]:
    """The bots of each session, and how many sessions are with them, whatever they are about."""
    needed: Counter[tuple[str, ...]] = Counter()
    for quota in study.quotas:
        needed[collection.by_name[quota.name].bots] += quota.needed
    yield from ((" and ".join(bots), number) for bots, number in needed.items())


def _pictures(pictures: ChatPictures) -> str:
    each = counted(pictures.evals_per_combination, "session")
    text = f"{counted(len(pictures.contexts), 'picture')} of {pictures.folder}, {each} of each with each"
    if pictures.most is not None:
        text += f", at most {pictures.most} in a run"
    return f"{text}; fewer where there have been some already. Nobody is shown one twice"


def _checks(wording: WordingChecks) -> str:
    if wording.names is not None:
        return ", ".join(wording.names) or "nothing"
    return f"{', '.join(USUAL_CHECKS)}; in dialogues that have begun also by {GREETINGS_CHECK}"


def _opening(collection: Collection) -> str:
    if collection.pictures is not None:
        return "the bot begins, about the picture"
    opening = collection.opening
    greeting = "the participant is shown as having said hi"
    if opening.is_hi and not opening.task:
        return greeting
    number = counted(len(opening.contexts), "context") if opening.contexts else "contexts"
    origin = f"{number} of {opening.task or opening.mode}, each used once before any is used again"
    personas = "with personas" if opening.includes_persona else "without personas"
    return f"{greeting}, {personas} from {origin}" if opening.is_hi else f"{origin}, {personas}"


def _costs(study: Study) -> Iterator[tuple[str, str]]:
    reward, units = study.task.reward_usd, sum(quota.needed for quota in study.quotas)
    yield "Costs", f"{_product(units, reward)}; the fees of a crowd platform come on top"
    for name, stage in (("training", study.screening), ("gold units", study.golds)):
        if stage is not None:
            most = stage.max_units
            worth = f"up to {_product(most, reward)}" if most is not None else f"${reward:.2f} each, without a limit"
            yield "", f"{name} besides: {worth}"
    hosted = [bot.name for bot in study.bots if isinstance(bot, OpenAIBot) and bot.key_variable]
    if hosted:
        yield "", f"the replies of {' and '.join(hosted)} besides, at what the endpoint charges"


def _product(units: int, reward: float) -> str:
    return f"{units:,} x ${reward:.2f} = ${units * reward:,.2f}"


def _data_places(study: Study) -> tuple[object, ...]:
    return study.data_dir, study.chat_data_folder, study.journal_url


def _partners(each: int) -> str:
    return "with one bot each" if each == 1 else "with two bots each, in random order"


def _bot(bot: BotSpec) -> str:
    if isinstance(bot, ParlAIBot):
        return f"{bot.name} ({bot.options})"
    if isinstance(bot, ScriptedBot):
        return f"{bot.name} ({'echo' if bot.echo else counted(len(bot.lines), 'line') + ' of script'})"
    if isinstance(bot, OpenAIBot):
        return f"{bot.name} ({bot.model} at {bot.url})"
    if isinstance(bot, HumanBot):
        return f"{bot.name} (another participant)"
    return f"{bot.name} ({next(kind for kind, spec in KINDS.items() if isinstance(bot, spec))})"


def _time(seconds: int) -> str:
    for size, unit in ((86400, "day"), (3600, "hour"), (60, "minute")):
        if seconds % size == 0:
            return counted(seconds // size, unit)
    return counted(seconds, "second")
