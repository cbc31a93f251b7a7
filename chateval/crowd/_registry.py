"""Which sessions a run has, by everything that one may be looked up by."""

from collections import Counter, defaultdict

from chateval.crowd._scripts import SCREENING
from chateval.session import SessionRecord
from chateval.worlds import Outcome


class Registry:
    """Records of sessions and their outcomes, over all runs of the task for limits, of this run for links."""

    def __init__(self, run_id: str) -> None:
        self._run_id = run_id
        self._by_link: dict[tuple[str, str], SessionRecord] = {}
        self._by_token: dict[str, SessionRecord] = {}
        self._met: defaultdict[str, Counter[str]] = defaultdict(Counter)
        self._taken: Counter[str] = Counter()
        self._held: Counter[str] = Counter()

    def add(self, record: SessionRecord, outcome: Outcome | None) -> None:
        """Take in a session that the journal holds; one of another run without outcome is nobody's any more."""
        is_ours = record.run_id == self._run_id
        if is_ours:
            self.enlist(record)
        self._met[record.worker_name][record.condition] += 1
        counts = is_ours if outcome is None else outcome.is_paid
        self._taken[record.worker_name] += counts and record.condition != SCREENING
        self._held[record.worker_name] += is_ours and outcome is None

    def hold(self, worker_name: str, condition: str, *, counts: bool) -> None:
        """Count a session that is about to begin, before it can be found; whether as a unit taken, `counts` says."""
        self._met[worker_name][condition] += 1
        self._held[worker_name] += 1
        self._taken[worker_name] += counts

    def let_go(self, worker_name: str, condition: str, *, counts: bool) -> None:
        """Take back `hold` for a session that never came to be."""
        self._met[worker_name][condition] -= 1
        self._held[worker_name] -= 1
        self._taken[worker_name] -= counts

    def enlist(self, record: SessionRecord) -> None:
        """Let a session be found."""
        self._by_link[record.worker_name, record.assignment_name] = record
        self._by_token[record.token] = record

    def end(self, record: SessionRecord, outcome: Outcome, *, counts: bool) -> None:
        """Note how a held session ended."""
        self._held[record.worker_name] -= 1
        self._taken[record.worker_name] -= counts and not outcome.is_paid

    def at(self, worker_name: str, assignment_name: str) -> SessionRecord | None:
        return self._by_link.get((worker_name, assignment_name))

    def of(self, token: str) -> SessionRecord | None:
        return self._by_token.get(token)

    def met(self, worker_name: str) -> Counter[str]:
        """How often a worker has met each condition."""
        return self._met[worker_name]

    def taken(self, worker_name: str) -> int:
        """Units of the task that a worker has finished or holds."""
        return self._taken[worker_name]

    def held(self, worker_name: str) -> int:
        return self._held[worker_name]

    @property
    def held_by_all(self) -> int:
        return self._held.total()
