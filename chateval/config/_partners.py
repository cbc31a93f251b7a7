"""How partners seem to participants, and partners who are people: whether what a study says of them fits together."""

from collections.abc import Sequence

from chateval.config._complaints import Complaints
from chateval.config._conditions import Condition
from chateval.config._nearest import listed
from chateval.config._settings import StudySettings
from chateval.config.bots import BotSpec, HumanBot

_BLUEPRINT = "mephisto.blueprint."
_RHYTHM = ("typing_characters_per_second", "minimum_reply_seconds")


def check_partners(
    settings: StudySettings, conditions: Sequence[Condition], bots: Sequence[BotSpec], complaints: Complaints
) -> None:
    """Complain of what contradicts itself, or gives away who is a person, or leaves someone without a partner."""
    blueprint = settings.mephisto.blueprint
    rhythm = [name for name in _RHYTHM if getattr(blueprint, name)]
    people = [bot for bot in bots if isinstance(bot, HumanBot)]
    if blueprint.stream_replies and rhythm:
        complaints.about(
            f"{_BLUEPRINT}stream_replies",
            f"Replies cannot appear while they come and keep a rhythm that hides how they come, as {listed(rhythm)} "
            "wants. Set stream_replies to false, or the rhythm to 0.",
        )
    if rhythm:
        complaints.notice(
            f"{listed(rhythm)} can hold replies back, not hurry them: a bot that takes longer is still seen to be slow."
            " `chateval check --bots` tells how long each takes."
        )
    if people:
        _check_people(settings, people, conditions, complaints)
        has_wait = blueprint.minimum_waiting_seconds > 0
        _note_what_tells(people, conditions, has_rhythm=bool(rhythm), has_wait=has_wait, complaints=complaints)


def _check_people(
    settings: StudySettings, people: Sequence[HumanBot], conditions: Sequence[Condition], complaints: Complaints
) -> None:
    blueprint, who = settings.mephisto.blueprint, listed(bot.name for bot in people)
    if blueprint.stream_replies:
        complaints.about(
            f"{_BLUEPRINT}stream_replies",
            f"What {who} says, a person, comes whole, so that streaming would tell people from bots. Set it to false.",
        )
    if blueprint.conversation_start_mode != "hi":
        complaints.about(
            f"{_BLUEPRINT}conversation_start_mode",
            f"Two people can only talk from a greeting on: with any other opening both would be asked to begin, or "
            f"play the same part. Set it to hi, or make a study of its own of the conditions with {who}.",
        )
    if blueprint.include_persona:
        complaints.about(
            f"{_BLUEPRINT}include_persona",
            f"Each of two people has a persona of their own, so that none can be given to {who} for their partner. Set "
            f"it to false, or make a study of its own of the conditions with {who}.",
        )
    if settings.mephisto.task.max_num_concurrent_units == 1:
        complaints.about(
            "mephisto.task.max_num_concurrent_units",
            f"With one session at a time, nobody ever meets {who}, another participant. Write 2 or more, or 0.",
        )
    for bot in people:
        needed = sum(condition.needed for condition in conditions if bot.name in condition.bots)
        if needed % 2:
            complaints.about(
                f"{_BLUEPRINT}conversations_needed_string",
                f"{needed} sessions with {bot.name!r} cannot be paired: each of two people takes one session, and the "
                f"last one would wait in vain and be paid for it. Ask for {needed + 1}, or for another even number.",
            )


def _note_what_tells(
    people: Sequence[HumanBot],
    conditions: Sequence[Condition],
    *,
    has_rhythm: bool,
    has_wait: bool,
    complaints: Complaints,
) -> None:
    names = {bot.name for bot in people}
    others = sorted({name for condition in conditions for name in condition.bots} - names)
    if others and not has_rhythm:
        complaints.notice(
            f"People take their time, and {listed(others)} may answer at once, which tells them apart. "
            "typing_characters_per_second and minimum_reply_seconds slow bots down."
        )
    if others and not has_wait:
        complaints.notice(
            f"People may have to be waited for, and {listed(others)} not. minimum_waiting_seconds has every dialogue "
            "begin with a wait."
        )
    longest = max(bot.wait_seconds for bot in people)
    complaints.notice(
        f"Whoever waits {longest:g} seconds for a partner in vain is paid, and their place is given out again: have "
        "people come at the same time."
    )
    if any(len(condition.bots) > 1 and names & {*condition.bots} for condition in conditions):
        complaints.notice(
            "In a pair the order is drawn, so some meet their human partner first and some second: wait_seconds should "
            "be longer than a dialogue takes."
        )
