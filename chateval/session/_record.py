"""What the journal keeps: runs, sessions and the events of each."""

from collections.abc import Mapping

import yaml
from msgspec import Struct
from msgspec.structs import replace

from chateval.config import parse_conditions
from chateval.worlds import AnyScript, Event


class LaterBots(Struct, frozen=True):
    """What bots said of themselves when a run was continued, where that was not what they had said before."""

    since: float
    """Seconds since the epoch; dialogues before were held with the bots of before."""
    bots: dict[str, dict[str, str]]


class RunRecord(Struct, frozen=True):
    """One launch of a study, with everything that is needed to say later what was run."""

    run_id: str
    task_name: str
    conf: str
    started_at: float
    config_yaml: str
    config_hash: str
    seed: int
    versions: dict[str, str]
    bots: dict[str, dict[str, str]]
    """What each bot says of itself: kind, options, hash of its source. Empty until they have been loaded."""
    quotas: dict[str, int] = {}
    """How many sessions each condition was to have; empty in records of before there was this field."""
    later_bots: tuple[LaterBots, ...] = ()
    """Oldest first."""

    def with_bots(self, bots: Mapping[str, Mapping[str, str]], at: float) -> "RunRecord":
        """The record once these bots have been loaded: changed if nothing was known, or something else."""
        identities = {name: dict(about) for name, about in bots.items()}
        known = self.later_bots[-1].bots if self.later_bots else self.bots
        if identities == known:
            return self
        if not known:
            return replace(self, bots=identities)
        return replace(self, later_bots=(*self.later_bots, LaterBots(at, identities)))


def quotas_of(run: RunRecord) -> dict[str, int]:
    """How many sessions each condition of a run was to have.

    Raises:
        LookupError, TypeError, yaml.YAMLError: a record of before quotas were kept, whose configuration tells none.
    """
    if run.quotas:
        return run.quotas
    blueprint = yaml.safe_load(run.config_yaml)["mephisto"]["blueprint"]
    return {one.name: one.needed for one in parse_conditions(blueprint["conversations_needed_string"]).conditions}


class SessionRecord(Struct, frozen=True):
    """One person at one unit; never changed once written."""

    session_id: str
    run_id: str
    unit_id: str
    agent_id: str
    worker_id: str
    """Mephisto's id of the worker."""
    worker_name: str
    """The worker's id on their platform, as the link had it."""
    assignment_name: str
    """The link's own assignment id."""
    token: str
    condition: str
    script: AnyScript
    created_at: float


class Entry(Struct, frozen=True):
    """One event, as committed. `seq` counts from 1 within its session; `at` is in seconds since the epoch."""

    session_id: str
    seq: int
    at: float
    message_id: str
    """The page's id of the message that carried the event; empty for events that no page sent."""
    event: Event
