"""Whether Mephisto's record of a run agrees with the journal's, which is what counts."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

import yaml
from mephisto.abstractions.blueprint import AgentState
from mephisto.data_model.constants.assignment_state import AssignmentState

from chateval.crowd._books import BookedAgent, BookedRun, BookedUnit, Books
from chateval.crowd._mending import Mender, Told
from chateval.crowd._records import AGENT_STATUS
from chateval.session import RunRecord, quotas_of
from chateval.worlds import Outcome

RESTORE_MEPHISTO = (
    "Restore database.db from a backup; what people said is in the journal, and can be exported as it is."
)

RESTORE_JOURNAL = (
    "Restore the journal from a backup. Without one, --new begins another run, since this one cannot go on as it is."
)

_JUDGED = {
    AgentState.STATUS_COMPLETED,
    AgentState.STATUS_APPROVED,
    AgentState.STATUS_SOFT_REJECTED,
    AgentState.STATUS_REJECTED,
}
"""What the agent of finished work can be: as it was left, or as a reviewer has judged it since."""


@dataclass(frozen=True)
class Finding:
    """One thing that does not agree, or, unless `is_problem`, that is worth knowing."""

    text: str
    remedy: str
    """What would mend it, or for what `mend` can, what that does."""
    mend: Callable[[], None] | None = None
    is_problem: bool = True


@dataclass(frozen=True)
class RunCheck:
    """The checks of one run that both the journal and Mephisto know."""

    run: RunRecord
    booked: BookedRun
    told: Sequence[Told]
    books: Books
    mender: Mender
    is_latest: bool
    """Whether its task has no later run; only the latest is gone on with."""

    def findings(self) -> Iterator[Finding]:
        by_unit: defaultdict[str, list[Told]] = defaultdict(list)
        for told in self.told:
            by_unit[told.record.unit_id].append(told)
            yield from self._of_session(told)
        for unit in self.books.units_of(self.run.run_id):
            yield from self._of_unit(unit, by_unit[unit.unit_id])
        agents_with_session = {told.record.agent_id for told in self.told}
        for agent in self.books.agents_of(self.run.run_id):
            if agent.agent_id not in agents_with_session and agent.status not in AgentState.complete():
                yield Finding(
                    f"Agent {agent.agent_id} is {agent.status!r} and has no session.",
                    "It returns its unit.",
                    partial(self.mender.release, agent),
                )
        yield from self._of_reservations()
        yield from self._of_quotas(by_unit)

    def _of_session(self, told: Told) -> Iterator[Finding]:
        record = told.record
        name = f"Session {record.session_id} of run {record.run_id}"
        unit, agent = self.books.units.get(record.unit_id), self.books.agents.get(record.agent_id)
        if unit is None or unit.run_id != record.run_id:
            yield Finding(f"{name}: Mephisto has no unit {record.unit_id} in this run.", RESTORE_MEPHISTO)
        elif agent is None:
            remedy = "It is put back, from what the journal knows."
            make = partial(self.mender.make_agent, record)
            yield Finding(f"{name}: Mephisto has no agent {record.agent_id}.", remedy, make)
        elif agent.unit_id != record.unit_id:
            text = f"{name}: its agent {agent.agent_id} is at unit {agent.unit_id}, not at its own, {record.unit_id}."
            yield Finding(text, RESTORE_MEPHISTO)
        elif told.session is not None:
            yield from self._of_agent(told, agent, name)

    def _of_agent(self, told: Told, agent: BookedAgent, name: str) -> Iterator[Finding]:
        right = AGENT_STATUS[told.outcome] if told.outcome else AgentState.STATUS_IN_TASK
        stands = f"ended as {told.outcome}" if told.outcome else "is under way"
        if agent.status not in (_JUDGED if told.outcome and told.outcome.is_paid else {right}):
            yield Finding(
                f"{name} {stands}, and its agent {agent.agent_id} is {agent.status!r} in Mephisto.",
                f"The agent becomes {right!r}.",
                partial(self.mender.settle, told),
            )
        elif told.outcome and not self.books.has_work(agent):
            yield Finding(
                f"{name} {stands}, and the file of its agent {agent.agent_id} is missing or damaged.",
                "It is written again, from the journal.",
                partial(self.mender.settle, told, keep_status=True),
            )

    def _of_unit(self, unit: BookedUnit, sessions: Sequence[Told]) -> Iterator[Finding]:
        holders = _holders(sessions)
        for surplus in holders[1:]:
            yield self._of_second_holder(unit, holders[0], surplus)
        yield from self._of_condition(unit, sessions)
        name = f"Unit {unit.unit_id} of run {unit.run_id}"
        is_now = f"is {unit.status!r}" + (f" with agent {unit.agent_id}" if unit.agent_id else "")
        if not holders:
            is_free = unit.status in {AssignmentState.LAUNCHED, AssignmentState.EXPIRED} and unit.agent_id is None
            if not is_free:
                becomes = (
                    AssignmentState.EXPIRED if unit.status == AssignmentState.EXPIRED else AssignmentState.LAUNCHED
                )
                mend = partial(self.mender.set_unit, unit, becomes)
                yield Finding(f"{name} {is_now}, and no session holds it.", f"It becomes {becomes!r}.", mend)
            return
        record, outcome = holders[0].record, holders[0].outcome
        right = AssignmentState.completed() if outcome else [AssignmentState.ASSIGNED]
        if (unit.status not in right or unit.agent_id != record.agent_id) and record.agent_id in self.books.agents:
            stands = f"session {record.session_id} of agent {record.agent_id}, which " + (
                f"ended as {outcome}" if outcome else "is under way"
            )
            mend = partial(self.mender.set_unit, unit, right[0], record.agent_id)
            yield Finding(
                f"{name} {is_now}, and belongs to {stands}.", f"It becomes {right[0]!r} with that agent.", mend
            )

    def _of_second_holder(self, unit: BookedUnit, first: Told, second: Told) -> Finding:
        text = (
            f"Unit {unit.unit_id} of run {unit.run_id} is held by two sessions, {first.record.session_id} and "
            f"{second.record.session_id}."
        )
        if second.outcome is not None or second.session is None:
            return Finding(
                text, "Both have ended, so nothing can be undone: pay both, and leave one out of what you analyse."
            )
        remedy = f"Session {second.record.session_id} ends as timed out; pay its worker by hand."
        return Finding(text, remedy, partial(self.mender.end, second))

    def _of_condition(self, unit: BookedUnit, sessions: Sequence[Told]) -> Iterator[Finding]:
        if unit.status != AssignmentState.EXPIRED and self.books.condition(unit) is None:
            text = (
                f"Unit {unit.unit_id} of run {unit.run_id} does not say what it is for: its file is missing or damaged."
            )
            if sessions:
                mend = partial(self.mender.write_condition, unit, sessions[0].record.condition)
                yield Finding(text, "It is written again, from the journal.", mend)
            else:
                yield Finding(text, "It expires; another takes its place.", partial(self.mender.expire, [unit]))

    def _of_reservations(self) -> Iterator[Finding]:
        for path in sorted((self.books.run_dir(self.run.run_id) / "reservations").glob("*")):
            yield Finding(f"{path} reserves a unit for nobody.", "It is removed.", path.unlink)

    def _of_quotas(self, by_unit: dict[str, list[Told]]) -> Iterator[Finding]:
        try:
            config = yaml.safe_load(self.run.config_yaml)["mephisto"]
            needed = quotas_of(self.run)
            url = f"http://{config['architect']['hostname']}:{config['architect']['port']}"
        except (yaml.YAMLError, LookupError, TypeError) as error:
            yield Finding(f"The configuration of run {self.run.run_id} cannot be read: {error!r}.", RESTORE_JOURNAL)
            return
        waiting: defaultdict[str | None, list[BookedUnit]] = defaultdict(list)
        active = Counter[str]()
        for unit in self.books.units_of(self.run.run_id):
            holders = _holders(by_unit[unit.unit_id])
            if holders:
                active[holders[0].record.condition] += holders[0].outcome is None
            elif unit.status != AssignmentState.EXPIRED:
                waiting[self.books.condition(unit)].append(unit)
        done = Counter(told.record.condition for told in self.told if told.outcome is Outcome.COMPLETED)
        for name, wanted in needed.items():
            free = waiting[name]
            surplus = len(free) + active[name] + done[name] - wanted
            text = (
                f"Run {self.run.run_id} needs {wanted} sessions of {name!r}; {done[name]} are done, "
                f"{active[name]} under way, and {len(free)} places are free."
            )
            if surplus < 0:
                mend = partial(self.mender.add_places, self.run.run_id, name, -surplus, url)
                yield Finding(text, f"{-surplus} more places are made.", mend)
            elif surplus > 0 and free:
                mend = partial(self.mender.expire, free[-surplus:])
                yield Finding(text, f"{min(surplus, len(free))} free places expire.", mend)
            elif surplus > 0:
                yield Finding(text, "Nothing can be undone; whoever took part is paid.", is_problem=False)
        # Trainings and gold units fill no quota.
        done_in_all, active_in_all = (sum(count[name] for name in needed) for count in (done, active))
        is_filled = all(done[name] >= wanted for name, wanted in needed.items())
        is_over = is_filled and not any(active.values()) and not any(waiting[name] for name in needed)
        yield from self._of_end(sum(needed.values()), done_in_all, active_in_all, is_over=is_over)

    def _of_end(self, needed: int, done: int, active: int, *, is_over: bool) -> Iterator[Finding]:
        run_id = self.run.run_id
        stands = f"{done} of {needed} sessions are done, {active} under way"
        if self.booked.is_completed and (done < needed or active):
            mend = partial(self.mender.mark_run, run_id, is_completed=False)
            yield Finding(f"Run {run_id} is marked complete, and {stands}.", "The mark is taken off.", mend)
        elif is_over and not self.booked.is_completed:
            mend = partial(self.mender.mark_run, run_id, is_completed=True)
            yield Finding(f"Run {run_id} is complete ({stands}), and not marked so.", "It is marked.", mend)
        elif not self.booked.is_completed:
            remedy = "The command that began it goes on with it." if self.is_latest else "A later run took its place."
            about = f"Run {run_id} of {self.run.task_name!r} (conf={self.run.conf}) is unfinished: {stands}."
            yield Finding(about, remedy, is_problem=False)


def _holders(sessions: Sequence[Told]) -> list[Told]:
    """Those who hold a unit: finished work first, then as they began."""
    holders = [told for told in sessions if told.holds_unit]
    return sorted(holders, key=lambda told: (told.outcome is None, told.record.created_at))
