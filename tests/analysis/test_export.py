"""What a study has collected comes out complete, tidy and at any time."""

import json
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from weakref import finalize

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from pyarrow import csv

from chateval.analysis import CollectedSession, export
from chateval.dialogue import Speaker, Turn, read_dialogues
from chateval.errors import DataDirectoryError, JournalError
from chateval.worlds import BotFailed, Consented, Event, Finished, Left, Rated, Spoke, Submitted, TimedOut

from .conftest import CHAT, QUESTION, WHOLE, entries, run_record, session_record
from .labelled import BUILT_IN, SCALE, export_all, labels, rows, session

if TYPE_CHECKING:
    from .conftest import Lab

TABLES = ("sessions", "dialogues", "turns", "ratings")
TEXTS = ("a,b", 'say "no"', "one\ntwo", "NA", " ", "\u2028", "\r", "a\r\nb", "\0", "=1+1", "007", "\U0001f642")


def test_a_session_is_a_row_with_who_when_and_how_it_ended(lab: "Lab") -> None:
    lab.hold(session_record())

    lab.export()

    [row] = lab.table("sessions").to_dict("records")
    assert (row["session_id"], row["run_id"], row["unit_id"], row["condition"]) == ("s1", "1", "7", "echo")
    assert (row["outcome"], row["comment"], row["seed"]) == ("completed", "nice", 1)
    assert row["started_at"] == pd.Timestamp(1_000, unit="s", tz="UTC")
    assert row["seconds"] == 70


def test_each_run_is_a_row_that_tells_what_was_run(lab: "Lab") -> None:
    """Two exports whose tables look alike may come from different bots."""
    lab.hold(session_record())

    lab.export()

    [row] = lab.table("runs").to_dict("records")
    assert (row["run_id"], row["task_name"], row["seed"]) == ("1", "small", 42)
    assert set(json.loads(row["bots"])) == set(run_record().bots)


def test_each_turn_is_a_row_with_speaker_and_time_taken(lab: "Lab") -> None:
    """Response times are what many studies are about."""
    lab.hold(session_record())

    lab.export()

    turns = lab.table("turns")
    assert list(turns["text"]) == ["Hi!", "Hello.", "How are you?", "Fine."]
    assert list(turns["speaker"]) == ["user", "system", "user", "system"]
    assert list(turns["turn"]) == [0, 1, 2, 3]
    assert list(turns["seconds"]) == [0, 10, 10, 10]


def test_each_answer_is_a_row_with_the_question_as_people_read_it(lab: "Lab") -> None:
    lab.hold(session_record())

    lab.export()

    [row] = lab.table("ratings").to_dict("records")
    assert (row["bot"], row["question_id"], row["question"], row["value"]) == ("echo", "rating_1", QUESTION, 4)


def test_the_dialogues_of_completed_sessions_read_back(lab: "Lab") -> None:
    """What one study collects the next can annotate."""
    lab.hold(session_record())

    exported = lab.export()

    [dialogue] = read_dialogues(lab.out / "dialogues.jsonl")
    assert (exported.dialogues, exported.sessions) == (1, 1)
    assert dialogue.dialogue_id == dialogue.group_id == "s1-0"
    assert dialogue.turns[:2] == (Turn(Speaker.USER, "Hi!"), Turn(Speaker.SYSTEM, "Hello."))


def test_a_pair_is_two_dialogues_in_the_order_held(lab: "Lab") -> None:
    """A position effect can only be told from a bot's if the position is known."""
    chat = (*CHAT, Finished())
    lab.hold(
        session_record(bots=("one", "two")),
        [Consented(), *chat, Rated({"rating_1": 2}), *chat, Rated({"rating_1": 5}), Submitted()],
    )

    lab.export()

    ratings = lab.table("ratings")
    assert list(ratings["position"]) == [0, 1]
    assert list(ratings["value"]) == [2, 5]
    assert sorted(ratings["bot"]) == ["one", "two"]
    assert list(ratings["bot"]) == list(lab.table("dialogues")["bot"])


@pytest.mark.parametrize(
    ("ending", "outcome"),
    [([Left()], "left"), ([TimedOut()], "timed_out"), ([BotFailed("broken")], "bot_failed"), ([], "")],
)
def test_a_session_cut_short_is_in_the_tables_and_not_among_the_dialogues(
    lab: "Lab", ending: list[Event], outcome: str
) -> None:
    """Drop-outs have to be reported, and must not be taken for dialogues."""
    lab.hold(session_record(), [Consented(), *CHAT[:-1], *ending])

    exported = lab.export()

    assert list(lab.table("sessions")["outcome"]) == [outcome]
    assert set(lab.table("turns")["outcome"]) == {outcome}
    assert exported.dialogues == 0
    assert (lab.out / "dialogues.jsonl").read_text() == ""


def test_a_session_that_has_hardly_begun_is_a_session(lab: "Lab") -> None:
    """Someone who read the consent and closed the page is a drop-out too."""
    lab.hold(session_record(), [])

    lab.export()

    assert len(lab.table("sessions")) == 1
    assert len(lab.table("dialogues")) == len(lab.table("turns")) == 0


def test_two_runs_of_one_task_are_one_export_with_each_session_once(lab: "Lab") -> None:
    """A study that was stopped and changed goes on as another run."""
    lab.run(run_record("2"))
    lab.run(run_record("3", task_name="other"))
    for number, run_id in enumerate(["1", "2", "2", "3"]):
        lab.hold(session_record(f"s{number}", run_id=run_id))

    lab.export()

    assert sorted(lab.table("sessions")["session_id"]) == ["s0", "s1", "s2"]
    assert sorted(lab.table("sessions")["run_id"]) == ["1", "2", "2"]
    runs = json.loads((lab.out / "provenance.json").read_text())["runs"]
    assert [run["config_yaml"] for run in runs] == ["run: 1\n", "run: 2\n"]


def test_worker_ids_are_nowhere_in_an_export(lab: "Lab") -> None:
    """Files get passed on."""
    lab.hold(session_record(worker="A3EXAMPLEWORKER"))

    exported = lab.export()

    assert all(b"A3EXAMPLEWORKER" not in path.read_bytes() for path in exported.files)


def test_worker_ids_are_there_when_asked_for(lab: "Lab") -> None:
    """Bonuses are paid by id."""
    lab.hold(session_record(worker="A3EXAMPLEWORKER"))

    lab.export(name_worker=str)

    assert list(lab.table("sessions")["worker"]) == ["A3EXAMPLEWORKER"]


@pytest.mark.parametrize("name", TABLES)
def test_csv_and_parquet_say_the_same(lab: "Lab", name: str) -> None:
    """One reads the one, a co-author the other."""
    lab.hold(session_record("s1"), [Consented(), *map(Spoke, TEXTS)])
    lab.hold(session_record("s2"))

    lab.export()

    assert_same(lab.out, name)


@pytest.mark.parametrize("name", ["judgements", "label_times", "behaviours"])
def test_csv_and_parquet_of_labels_say_the_same_with_what_is_missing(tmp_path: Path, name: str) -> None:
    """No turn is not turn 0, and no reason not an empty one."""
    parts = [
        labels(BUILT_IN["empathy"], {1: {"empathy_q": "empathetic"}}),
        labels(SCALE, {None: {"quality": 4}}, part=1),
    ]
    export_all(tmp_path, session(*parts))

    assert_same(tmp_path, name)


def assert_same(out: Path, name: str) -> None:
    parquet = pq.read_table(out / f"{name}.parquet")
    assert parquet.num_rows
    assert read_csv(out / f"{name}.csv", parquet.schema) == parquet


def read_csv(path: Path, schema: pa.Schema) -> pa.Table:
    """What is not quoted and empty is null."""
    options = csv.ConvertOptions(column_types=schema, null_values=[""], quoted_strings_can_be_null=False)
    return csv.read_csv(path, None, csv.ParseOptions(newlines_in_values=True), options)


def test_texts_in_csv_are_what_they_were_for_pandas_too(lab: "Lab") -> None:
    """The advice in docs/data.md, tried."""
    lab.hold(session_record("s1"), [Consented(), *map(Spoke, TEXTS)])

    lab.export()

    read = pd.read_csv(lab.out / "turns.csv", keep_default_na=False, parse_dates=["at"])
    assert list(read["text"]) == list(lab.table("turns")["text"])
    assert list(read["at"]) == list(lab.table("turns")["at"])


@pytest.mark.parametrize("name", TABLES)
def test_a_study_without_sessions_has_tables_without_rows(lab: "Lab", name: str) -> None:
    """A script that is tried out before the study starts finds its columns."""
    lab.export()

    table = lab.table(name)
    assert len(table) == 0
    assert {"session_id", "worker", "outcome"} <= set(table.columns)


def test_files_are_replaced_whole(lab: "Lab") -> None:
    """Whoever has an earlier export open goes on reading that one; nobody meets half a file."""
    lab.hold(session_record("s1"))
    lab.export()
    with (lab.out / "turns.csv").open() as reader:
        before = (lab.out / "turns.csv").read_text()
        lab.hold(session_record("s2"), [Consented()])

        exported = lab.export()

        assert reader.read() == before
    assert sorted(path for path in lab.out.rglob("*") if path.is_file()) == sorted(exported.files)
    assert "s2" in (lab.out / "turns.csv").read_text()


def test_an_export_that_fails_leaves_what_was_there(tmp_path: Path) -> None:
    """Half an export over a whole one would be two exports in one folder."""
    export_all(tmp_path, session(session_id="s1"))
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}

    def broken() -> Iterator[CollectedSession]:
        yield session(session_id="s2")
        raise JournalError("The journal is damaged.")

    with pytest.raises(JournalError):
        export(broken(), [], tmp_path, name_worker=str)

    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before


def test_sessions_are_not_kept(tmp_path: Path) -> None:
    """A study of any size can be exported on a small machine."""
    alive: set[int] = set()

    def many() -> Iterator[CollectedSession]:
        for number in range(20):
            made = session(labels(SCALE, {None: {"quality": 4}}), session_id=f"s{number}")
            alive.add(number)
            finalize(made, alive.discard, number)
            yield made
            assert len(alive) <= 2

    assert export(many(), [], tmp_path, name_worker=str).judgements == 20


def test_the_last_verdict_of_a_training_is_with_its_session(tmp_path: Path) -> None:
    export_all(tmp_path, session(verdicts=(False, True)), session(session_id="s2"))

    assert rows(tmp_path, "sessions", "attempts", "is_passed") == [(2, True), (0, None)]


def test_an_export_during_a_study_is_a_moment_of_it(lab: "Lab") -> None:
    """What is read while more is written has no gaps, and later exports have no less."""
    lab.hold(session_record("s1"), [Consented()])
    talk = entries("s1", [Consented(), *(Spoke(str(number)) for number in range(1, 401))])[1:]
    journal = lab.journal()

    def go_on() -> None:
        for entry in talk:
            journal.append(entry, lambda _: None)
        journal.close()

    writer = threading.Thread(target=go_on)
    writer.start()
    seen = []
    for _ in range(4):
        lab.export()
        seen.append([text for text in lab.table("turns")["text"] if text != "Hi!"])
    writer.join()
    lab.export()

    assert all(texts == [str(number) for number in range(1, len(texts) + 1)] for texts in seen)
    assert sorted(map(len, seen)) == list(map(len, seen))
    assert len(lab.table("turns")) == 401


def test_provenance_tells_what_was_run(lab: "Lab") -> None:
    """A number in a paper can be traced to a configuration, versions and bots."""
    lab.hold(session_record(), WHOLE)

    lab.export()

    [run] = json.loads((lab.out / "provenance.json").read_text())["runs"]
    assert (run["run_id"], run["config_hash"], run["seed"]) == ("1", "hash", 42)
    assert run["versions"] == {"chateval": "0"}
    assert run["bots"] == {"echo": {"kind": "scripted"}}


def test_a_folder_that_cannot_be_made_is_said(lab: "Lab") -> None:
    """A slip in --out is the user's, and gets a sentence."""
    lab.out.write_text("a file")

    with pytest.raises(DataDirectoryError, match="cannot be written to"):
        lab.export()
