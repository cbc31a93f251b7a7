"""Which bots of a file a server can host."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from chateval.bots.serving._replica import Hosted
from chateval.config import BotRuntime, BotSpec, HumanBot, RayBot, RerankBot
from chateval.errors import ServingError


def hosted_bots(specs: Sequence[BotSpec], names: Iterable[str], runtime: BotRuntime) -> tuple[Hosted, ...]:
    """The named bots, each with those that it is made of; `specs` holds all of them.

    Raises:
        ServingError: a bot is of a kind that cannot be hosted, or is made of one.
    """
    known = {spec.name: spec for spec in specs}
    hosted = []
    for name in names:
        parts = tuple(_parts(known[name], known))
        for part in parts:
            reason = why_not(part)
            if reason:
                made_of = f" is made of {part.name!r}, which" if part.name != name else ""
                raise ServingError(f"Bot {name!r}{made_of} cannot be hosted: {reason} Leave it out of --bots.")
        hosted.append(Hosted(name, parts, runtime))
    return tuple(hosted)


def why_not(spec: BotSpec) -> str:
    """Why a bot cannot be hosted, in a sentence; empty if it can."""
    match spec:
        case HumanBot():
            return "it is a person, who takes part in the study itself."
        case RayBot():
            return f"it is served already, at {spec.address}."
        case _:
            return ""


def _parts(spec: BotSpec, known: Mapping[str, BotSpec]) -> Iterator[BotSpec]:
    """A bot and those that it is made of, each once."""
    wanted, seen = [spec.name], set[str]()
    while wanted:
        name = wanted.pop()
        if name in seen or name not in known:
            continue
        seen.add(name)
        part = known[name]
        yield part
        if isinstance(part, RerankBot):
            wanted += part.bots
