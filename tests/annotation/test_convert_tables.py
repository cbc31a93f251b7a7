"""Tables become files that studies read, or else it is told, cell by cell, why not."""

import json
from pathlib import Path

import pytest

from chateval.annotation._data_files import read_groups
from chateval.annotation._datapoints import Datapoint
from chateval.annotation._tasks import Value
from chateval.annotation._training import read_golds, read_training
from chateval.annotation.convert import Converted, Kind, Order, convert

from .known_tasks import TASKS, complaints


def table(folder: Path, *rows: str, name: str = "talk.csv") -> Path:
    path = folder / name
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    return path


def converted(source: Path, order: Order) -> tuple[Datapoint, ...]:
    out = source.parent / "out" / "file.json"
    convert([source], order, TASKS, out)
    if order.kind == "screen":
        return read_training(out, TASKS)
    read = read_golds if order.kind == "gold" else read_groups
    return tuple(point for group in read(out, TASKS) for point in group.datapoints)


def refused(*sources: Path, kind: Kind = "screen", task: str = "manners", **details: tuple[str, ...]) -> str:
    out = sources[0].parent / "out.json"
    message = complaints(convert, sources, Order(kind, (task,), **details), TASKS, out)
    assert not out.exists()
    return message


def spoken(point: Datapoint) -> list[tuple[str, str]]:
    return [(turn.speaker.value, turn.text) for turn in point.dialogues[0].turns]


SCREEN = Order("screen", ("manners",))
DATA = Order("data", ("manners", "mood"))


def test_turns_alternate_where_no_speakers_are_named(tmp_path: Path) -> None:
    [point] = converted(table(tmp_path, "Turn", "Hi!", '"Go on, then."', "No."), DATA)

    assert (point.dialogue_id, point.group_id, [task.id for task in point.tasks]) == (
        "talk",
        "talk",
        ["manners", "mood"],
    )
    assert spoken(point) == [("user", "Hi!"), ("system", "Go on, then."), ("user", "No.")]


def test_a_table_may_hold_many_dialogues(tmp_path: Path) -> None:
    """The name stands where a dialogue begins, or in each of its rows."""
    rows = ("dialogue_id,group_id,turn", "a,g,Hi", ",,Yes", "b,g,Hello", "b,g,No")

    points = converted(table(tmp_path, *rows), DATA)

    assert [(point.group_id, point.dialogue_id, len(spoken(point))) for point in points] == [
        ("g", "a", 2),
        ("g", "b", 2),
    ]


def test_right_answers_and_explanations_come_along(tmp_path: Path) -> None:
    rows = (
        "turn,selection,explanation",
        "Hi,,",
        "Shut up,That is rude.,It hurts.",
        "Oh,,",
        "Hm,none,",
        "Eh,,",
        "Ah,,Mild.",
    )

    [point] = converted(table(tmp_path, *rows), Order("screen", ("manners",), allowed_mistakes=1))

    assert {turn: (*key.alternatives, key.explanation) for turn, key in point.keys.items()} == {
        1: ({"manners_q": ["rude"]}, "It hurts."),
        3: ({}, ""),
        5: ({}, "Mild."),
    }
    assert point.allowed_mistakes == 1


def test_training_dialogues_say_how_many_remain(tmp_path: Path) -> None:
    source = table(tmp_path, "dialogue_id,turn,selection", "a,Hi,", ",Hm,-", "b,Hi,", ",Hm,-")

    convert([source], SCREEN, TASKS, tmp_path / "out.json")

    assert [each["remaining"] for each in json.loads((tmp_path / "out.json").read_text()).values()] == [1, 0]


def test_gold_units_keep_their_groups(tmp_path: Path) -> None:
    [point] = converted(table(tmp_path, "group_id,turn,selection", "g,Hi,", ",Hm,loud"), Order("gold", ("manners",)))

    assert (point.group_id, point.keys[1].alternatives) == ("g", ({"manners_q": ["loud"]},))


@pytest.mark.parametrize(
    ("task", "selection", "read"),
    [
        ("manners", "rude, loud", [{"manners_q": ["rude", "loud"]}]),
        ("manners", "rude\nnone", [{"manners_q": ["rude"]}, {}]),
        ("manners", "manners_q=loud", [{"manners_q": ["loud"]}]),
        ("mood", "Glad", [{"mood_q": "glad"}]),
        ("quality", "4", [{"quality": 4}]),
        ("quality", "poor, dull", [{"quality": 1, "why_poor": "dull"}]),
        ("facts", "Uses a fact, true = no", [{"uses": ["fact"], "true": "no"}]),
        ("facts", "fact, n/a", [{"uses": ["fact"], "true": "n/a"}]),
        ("order", "b > a > c", [{"order_q": ["b", "a", "c"]}]),
        ("commas", "Yes, it is, no", [{"c": ["yes, it is", "no"]}]),
    ],
    ids=str,
)
def test_answers_are_written_as_people_write_them(
    tmp_path: Path, task: str, selection: str, read: list[dict[str, Value]]
) -> None:
    [point] = converted(table(tmp_path, "turn,selection", "Hi,", f'Hm,"{selection}"'), Order("screen", (task,)))

    assert list(point.keys[1].alternatives) == read


def test_a_persona_stands_in_the_first_row(tmp_path: Path) -> None:
    source = table(tmp_path, "dialogue_id,turn,persona", 'a,Hi,"I am old.\nI sing."', ",Hm,", "b,Hi,", ",Hm,")

    points = converted(source, Order("data", ("manners",), persona=("I am new.",)))

    assert [point.bot_persona for point in points] == [("I am old.", "I sing."), ("I am new.",)]


def test_the_signs_that_spreadsheets_put_between_columns_are_known(tmp_path: Path) -> None:
    """Where the comma is the decimal sign, they write semicolons, and a mark at the beginning."""
    source = table(tmp_path, "\ufeffturn;speaker", "Well, hi;user", "Oh, well;system")

    assert spoken(converted(source, DATA)[0]) == [("user", "Well, hi"), ("system", "Oh, well")]


def test_a_folder_is_read_file_by_file(tmp_path: Path) -> None:
    folder = tmp_path / "talks"
    folder.mkdir()
    for name in ("b.csv", "a.csv"):
        table(folder, "turn", "Hi", "Hm", name=name)
    (folder / "notes.md").write_text("mine")

    assert [point.dialogue_id for point in converted(folder, DATA)] == ["a", "b"]


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (("text", "Hi"), "row 1: No column is called turn"),
        (("turn,turm", "Hi,"), "Did you mean 'turn'? "),
        (("turn,note", "Hi,"), "say --ignore note"),
        (("turn,turn", "Hi,"), "row 1: Two columns are called turn"),
        (("turn", "Hi", "Hm,loud"), "row 3, column (B): 'loud' stands in a column without a name"),
        (("turn,selection", "Hi,", ",loud"), "row 3, column turn: Nothing is said here"),
        (("turn,selection", "Hi,", "Hm,lout"), 'row 3, column selection: The question manners_q has no option "lout"'),
        (("turn,selection", "Hi,", "Hm,"), "row 3, column selection: The task manners labels this turn"),
        (("turn,selection", "Hi,loud", "Hm,-"), "row 2, column selection: The task manners does not label this turn"),
        (
            ("turn,explanation", "Hi,Well", "Hm,-"),
            "row 2, column explanation: The task manners does not",
        ),
        (("turn,speaker,selection", "Hi,Ann,", "Hm,,-"), "row 3, column speaker: Other turns name their speaker"),
        (("turn,speaker,selection", "A,Ann,", "B,Bo,-", "C,Cy,"), "row 4, column speaker: 'Cy' would be a third"),
        (("turn,speaker,selection", "Hi,system,", "Hm,user,-"), "row 3: The task manners labels every second turn"),
        (("turn,persona,selection", "Hi,,", "Hm,I am.,-"), "row 3, column persona: A persona stands in the first row"),
        (
            ("turn,group_id,selection", "Hi,g,", "Hm,h,-"),
            "row 3, column group_id: The dialogue begins in the group",
        ),
        (("turn,dialogue_id", "Hi,"), "row 2, column dialogue_id: There is no dialogue_id"),
        (
            ("turn,dialogue_id,selection", *["Hi,a,", "Hi,b,", "Hi,a,"]),
            "column dialogue_id: The dialogue 'a' goes on here",
        ),
        (("turn",), "row 1: There are no turns below"),
        (("turn", "Hi"), "nothing to label"),
        (("turn,selection", "Hi,", '"Hm'), "line 3: This is not valid CSV"),
        ((), "talk.csv: The table is empty"),
    ],
    ids=str,
)
def test_what_cannot_be_used_is_told_by_row_and_column(tmp_path: Path, rows: tuple[str, ...], said: str) -> None:
    """Nobody finds a wrong cell among ten thousand by being told that there is one."""
    path = table(tmp_path, *rows)

    message = refused(path)

    assert str(path) in message
    assert said in message


@pytest.mark.parametrize(
    ("task", "selection", "said"),
    [
        ("facts", "maybe", "Write it as in question=option; the questions are uses, true"),
        ("facts", "tru=yes", "Did you mean 'true'?"),
        ("facts", "true=no", "not asked here"),
        ("mood", "glad, sad", "has two answers"),
        ("mood", "none", "mood requires an answer"),
        ("twins", "yes", "Say which is meant: a=yes, b=yes"),
    ],
)
def test_answers_that_cannot_be_understood_are_told(tmp_path: Path, task: str, selection: str, said: str) -> None:
    source = table(tmp_path, "turn,selection", "Hi,", f'Hm,"{selection}"')

    assert "row 3, column selection: " in (message := refused(source, task=task))
    assert said in message


def test_all_problems_of_all_sources_are_told_at_once(tmp_path: Path) -> None:
    sources = [table(tmp_path, "turn,selection", "Hi,", f"Hm,{name}", name=f"{name}.csv") for name in ("x", "y")]

    message = refused(*sources, tmp_path / "missing.csv", tmp_path / "old.xls")

    for name in ("x.csv, row 3", "y.csv, row 3", "missing.csv: The file cannot", "old.xls: Files of this kind"):
        assert name in message


def test_data_takes_no_answers_unless_they_are_left_out(tmp_path: Path) -> None:
    """To drop them without a word would lose what somebody has worked out."""
    source = table(tmp_path, "turn,selection", "Hi,", "Hm,loud")

    assert "say --ignore selection" in refused(source, kind="data")
    assert converted(source, Order("data", ("manners",), ignored=("Selection",)))[0].keys == {}


@pytest.mark.parametrize(
    ("kind", "tasks", "said"),
    [
        ("data", ("maners",), "Did you mean 'manners'?"),
        ("data", ("best",), "compares two dialogues"),
        ("screen", ("manners", "mood"), "name one"),
        ("gold", ("essay",), "cannot be graded"),
    ],
)
def test_tasks_that_do_not_fit_are_told(tmp_path: Path, kind: Kind, tasks: tuple[str, ...], said: str) -> None:
    source = table(tmp_path, "turn", "Hi", "Hm")

    assert said in complaints(convert, [source], Order(kind, tasks), TASKS, tmp_path / "out")


def test_dialogues_of_one_name_are_told(tmp_path: Path) -> None:
    (tmp_path / "more").mkdir()
    sources = [table(folder, "turn,selection", "Hi,", "Hm,-") for folder in (tmp_path, tmp_path / "more")]

    assert "There is another dialogue 'talk'" in refused(*sources)


def test_what_was_there_stays_until_all_is_well(tmp_path: Path) -> None:
    out = tmp_path / "out.json"
    out.write_text("old")

    complaints(convert, [table(tmp_path, "turn", "Hi", "Hm")], SCREEN, TASKS, out)

    assert out.read_text() == "old"
    assert {path.name for path in tmp_path.iterdir()} == {"out.json", "talk.csv"}


def test_what_a_reader_would_refuse_is_not_written(tmp_path: Path) -> None:
    """The last word is with the reader that studies use: here, replies to rank cannot come from a table."""
    message = refused(table(tmp_path, "turn", "Hi", "Hm"), kind="data", task="replies")

    assert "out.json, line 1: The task replies ranks replies" in message


def test_a_place_that_cannot_be_written_to_is_told(tmp_path: Path) -> None:
    source = table(tmp_path, "turn", "Hi", "Hm")

    assert "cannot be written" in complaints(convert, [source], DATA, TASKS, source / "out.jsonl")
    assert "both read and written" in complaints(convert, [source], DATA, TASKS, source)


def test_it_says_what_was_written(tmp_path: Path) -> None:
    source = table(tmp_path, "turn,selection", "Hi,", "Hm,loud", "Oh,", "Eh,-")

    assert convert([source], SCREEN, TASKS, tmp_path / "out.json") == Converted(dialogues=1, turns=4, keys=2)
