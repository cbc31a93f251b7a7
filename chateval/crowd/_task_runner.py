"""The task runner: how Mephisto plays a unit."""

import asyncio
import secrets
from time import time
from typing import TYPE_CHECKING, Any

import msgspec
from mephisto.abstractions.blueprint import TaskRunner

from chateval import wire
from chateval.bots import watch_nothing
from chateval.config import HumanBot
from chateval.crowd._openings import drawn_context
from chateval.crowd._outputs import session_inputs, session_outputs
from chateval.crowd._scripts import script_for
from chateval.crowd._standings import Standings
from chateval.errors import BotError, ConfigError
from chateval.session import Accepted, Entry, Session, SessionRecord, request_for, said_by
from chateval.worlds import AskBot, AskForVerdict, BotFailed, Event, Judged

if TYPE_CHECKING:
    from mephisto.data_model.agent import Agent
    from mephisto.data_model.assignment import Assignment
    from mephisto.data_model.unit import Unit


class BehaviorAnalysisTaskRunner(TaskRunner):  # type: ignore[misc]
    """Plays units under Mephisto's own operator, with its thread for each unit.

    `chateval`'s operator advances sessions by events and needs no thread; this is for Mephisto's tools and testers,
    and for studies that are embedded in someone's Mephisto script. What a page says comes as live updates in the form
    of `docs/wire.md`; what it is shown goes out likewise.
    """

    def get_init_data_for_agent(self, agent: "Agent") -> dict[str, Any]:
        session = self._open(agent)
        inputs = session_inputs(session)
        agent.state.set_init_state(inputs)
        # Which bot is which stays here: a participant in a pair is blind to it.
        return {"dialogues": len(session.bots)}

    def run_assignment(self, assignment: "Assignment", agents: "list[Agent]") -> None:
        for unit, agent in zip(assignment.get_units(), agents, strict=True):
            self.run_unit(unit, agent)

    def run_unit(self, unit: "Unit", agent: "Agent") -> None:  # noqa: ARG002  (Mephisto's signature)
        """Play a unit to its end; the agent's absence comes as Mephisto's own errors."""
        session, entries = self._open(agent), list[Entry]()
        agent.state.set_init_state(session_inputs(session))
        shown = 0
        while session.outcome is None:
            shown = _show(session, shown, agent)
            entry = self._next_entry(session, agent)
            if entry is not None:
                entries.append(entry)
                session.apply(entry)
        _show(session, shown, agent)
        agent.handle_submit(session_outputs(session, entries))

    def cleanup_assignment(self, assignment: "Assignment") -> None:
        """Nothing is held for an assignment."""

    def cleanup_unit(self, unit: "Unit") -> None:
        """Nothing is held for a unit."""

    def _next_entry(self, session: Session, agent: "Agent") -> Entry | None:
        if isinstance(session.ask, AskBot):
            return session.next_entry(self._reply(session, session.ask), time())
        if isinstance(session.ask, AskForVerdict):
            judged = Standings(self.shared_state.study).judge(session, session.ask.grades)
            return session.next_entry(Judged(judged.is_passed, judged.note), time())
        update = agent.get_live_update(timeout=self.args.blueprint.max_resp_time)
        verdict = session.take(msgspec.convert(update, wire.SessionMessage), time())
        return verdict.entry if isinstance(verdict, Accepted) else None

    def _reply(self, session: Session, ask: AskBot) -> Event:
        try:
            return said_by(asyncio.run(self.shared_state.bots.reply(ask.bot, request_for(session, ask), watch_nothing)))
        except BotError as error:
            return BotFailed(str(error))

    def _open(self, agent: "Agent") -> Session:
        study = self.shared_state.study
        if study is None:
            raise ConfigError("The run's shared state holds no study. Pass SharedStateClass(study=..., bots=...).")
        people = [bot.name for bot in study.bots if isinstance(bot, HumanBot)]
        if people:
            raise ConfigError(
                f"{', '.join(people)} is another participant, whom this task runner cannot bring in: it plays each "
                "unit by itself. Run the study with welcome.py or `chateval run`."
            )
        data = agent.get_assignment().get_assignment_data()
        condition, draw = data.shared["condition"], f"{agent.task_run_id}/{agent.unit_id}"
        return Session(
            SessionRecord(
                session_id=f"agent-{agent.get_agent_id()}",
                run_id=agent.task_run_id,
                unit_id=agent.unit_id,
                agent_id=agent.get_agent_id(),
                worker_id=agent.worker_id,
                worker_name=agent.get_worker().worker_name,
                assignment_name=agent.assignment_id,
                token=secrets.token_urlsafe(32),
                condition=condition,
                script=script_for(study, condition, draw, context=drawn_context(study, draw)),
                created_at=time(),
            )
        )


def _show(session: Session, since: int, agent: "Agent") -> int:
    for update in session.updates[since:]:
        agent.observe(msgspec.json.decode(msgspec.json.encode(update)))  # tasks are in it as JSON already
    return len(session.updates)
