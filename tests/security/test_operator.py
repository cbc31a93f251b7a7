"""The operator itself, told anything by anyone."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chateval import wire
from chateval.config import Study, load_study
from chateval.crowd._operator import Operator, Run  # as the launch makes it
from chateval.crowd._records import KnownWorker
from chateval.session import Accepted, Refusal, Session, SessionRecord
from chateval.worlds import ModelChatScript, Spoke

KINDS = ["join", "resume", "say", "ping"]
HALVES = st.sampled_from([*KINDS, '{"kind":"', '","worker_id":"', '","id":"a"', "[[[[", "\0", "}", '"'])
IDS = st.text(max_size=5)
ours = st.one_of(
    st.builds(wire.Join, IDS, IDS, st.integers(0, 9), st.integers(0, 9), IDS),
    st.builds(wire.Resume, IDS, st.integers(0, 9)),
    st.builds(wire.Say, st.from_regex(r"[a-z]{1,3}", fullmatch=True), st.integers(0, 1), IDS),
    st.builds(wire.Leave, st.just("l")),
    st.builds(wire.Ping),
)
texts = st.text() | st.lists(HALVES).map("".join) | ours.map(lambda message: msgspec.json.encode(message).decode())


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Study:
    return load_study(
        ["conf=collect_dialogues", f"data_dir={tmp_path_factory.mktemp('data')}", "require_signed_links=always"],
        check_port=False,
    )


class Records:
    """Knows everyone, and has blocked them all."""

    def worker(self, task_run: object, worker_name: str) -> KnownWorker:
        return KnownWorker("1", is_blocked=True, qualifications=frozenset())


@settings(deadline=None, max_examples=150)
@given(said=st.lists(st.tuples(st.integers(0, 3), texts | st.none()), max_size=12))
def test_nothing_that_a_page_can_say_breaks_the_operator(study: Study, said: list[tuple[int, str | None]]) -> None:
    """An error here would end the line for everyone; None stands for a connection that is lost."""

    async def scenario() -> None:
        answers: list[str] = []
        with ThreadPoolExecutor(1) as thread:
            task_run: Any = SimpleNamespace(db_id="1")
            records: Any = Records()
            nothing: Any = None
            run = Run(study, task_run, records, thread, nothing, "")
            operator = Operator(run, nothing, lambda _, text: answers.append(text))
            for connection, text in said:
                if text is None:
                    operator.closed(connection)
                else:
                    operator.received(connection, text)
            await operator.close()
        assert not any(map(wire.tells_of_joining, answers))

    asyncio.run(scenario())


def test_one_person_cannot_fill_the_disk() -> None:
    """A chat that may be finished takes no more turns once it is long enough; nothing that was said is lost."""
    script = ModelChatScript(bots=("parrot",), minimum_turns=1, questions=(), seed=1)
    session = Session(SessionRecord("s", "1", "1", "1", "1", "W", "A", "t", "parrot", script, 0.0))
    verdict = session.take(wire.Consent("c"), 0.0)
    taken = 0
    while isinstance(verdict, Accepted):
        session.apply(verdict.entry)
        session.apply(session.next_entry(Spoke("x" * 10_000), 0.0))
        taken += 1
        verdict = session.take(wire.Say(f"m{taken}", 0, "x" * 10_000), 0.0)

    assert isinstance(verdict, Refusal)
    assert "Finish it" in verdict.text
    assert taken * 20_000 <= wire.MAX_SESSION_CHARACTERS + 20_000
    assert isinstance(session.take(wire.Finish("f", 0), 0.0), Accepted)
