"""Transcripts become dialogues."""

from pathlib import Path

import pytest

from chateval.annotation._data_files import read_groups
from chateval.annotation.convert import Order, convert

from .known_tasks import TASKS, complaints


def transcript(folder: Path, text: str) -> Path:
    path = folder / "chat.txt"
    path.write_text(text, encoding="utf-8")
    return path


def converted(source: Path, **details: tuple[str, ...]) -> dict[str, list[tuple[str, str]]]:
    out = source.parent / "out.jsonl"
    convert([source], Order("data", ("manners",), **details), TASKS, out)
    points = [group.datapoints[0] for group in read_groups(out, TASKS)]
    return {
        point.dialogue_id: [(turn.speaker.value, turn.text) for turn in point.dialogues[0].turns] for point in points
    }


def refused(source: Path, **details: tuple[str, ...]) -> str:
    return complaints(convert, [source], Order("data", ("manners",), **details), TASKS, source.parent / "out.jsonl")


def test_who_speaks_first_is_the_user(tmp_path: Path) -> None:
    assert converted(transcript(tmp_path, "Ann: Hi!\r\nbot 2 : Hello: you\r\n")) == {
        "chat": [("user", "Hi!"), ("system", "Hello: you")]
    }


def test_an_empty_line_stands_between_dialogues(tmp_path: Path) -> None:
    """The bot keeps its part, whoever the person is."""
    found = converted(transcript(tmp_path, "\nAnn: Hi\nBot: Oh\n\n \nBen: Hm\nbot: Ah\n"))

    assert found == {"chat_1": [("user", "Hi"), ("system", "Oh")], "chat_2": [("user", "Hm"), ("system", "Ah")]}


def test_lines_without_a_speaker_go_on_with_the_turn(tmp_path: Path) -> None:
    """So does a line that begins with a space, whatever it looks like; and a time of day is no speaker."""
    text = "Ann:\n  Note: I am late\nBot: Well\n12:30 then\nhttp://example.org\n"

    assert converted(transcript(tmp_path, text)) == {
        "chat": [("user", "Note: I am late"), ("system", "Well\n12:30 then\nhttp://example.org")]
    }


def test_names_say_who_is_who(tmp_path: Path) -> None:
    text = "Ann: Hi\nNote: this is no speaker\nBot: Oh\n"

    assert converted(transcript(tmp_path, text), users=("ann",), systems=("BOT",)) == {
        "chat": [("user", "Hi\nNote: this is no speaker"), ("system", "Oh")]
    }


def test_user_and_system_are_what_they_are_called(tmp_path: Path) -> None:
    assert "this one is the user's" in refused(transcript(tmp_path, "System: Hi\nUser: Oh\n"))


def test_one_name_is_enough(tmp_path: Path) -> None:
    text = "A: Hi\nB: Oh\n\nA: Hi\nC: Oh\n"

    found = converted(transcript(tmp_path, text), users=("a",))

    assert [speaker for turns in found.values() for speaker, _ in turns] == ["user", "system"] * 2


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Hello\nAnn: Hi\n", "line 1: 'Hello' names no speaker"),
        ("Ann: Hi\nBot: Oh\nNote: well\n", "line 3: 'Note' would be a third speaker"),
        ("Ann: Hi\nBot:\n", "line 2: Bot says nothing here"),
        ("Ann: Hi\nBot: Oh\n\nBot: Hi\nAnn: Oh\n", "line 5: The task manners labels every second turn"),
        (
            "Ann: Hi\nBot: Oh\n\nBen: Hi\nBot: Oh\n\nAnn: Hi\nBen: Oh\n",
            "line 8: 'Ben' and 'Ann' would both be",
        ),
        ("Ann: Hi\nAnn: Hello?\nBot: Oh\n", "line 2: The task manners labels every second turn"),
        ("\n", "chat.txt: The file holds no dialogue"),
    ],
)
def test_what_cannot_be_used_is_told_by_line(tmp_path: Path, text: str, said: str) -> None:
    path = transcript(tmp_path, text)

    message = refused(path)

    assert str(path) in message
    assert said in message


def test_a_name_that_nobody_has_is_told(tmp_path: Path) -> None:
    """Misspelt, it would leave the parts to chance."""
    message = refused(transcript(tmp_path, "Anna: Hi\nBot: Oh\n"), users=("Hanna",))

    assert "Nobody called 'Hanna' speaks. Did you mean 'Anna'?" in message


def test_a_transcript_is_no_training(tmp_path: Path) -> None:
    source = transcript(tmp_path, "Ann: Hi\nBot: Oh\n")

    said = complaints(convert, [source], Order("screen", ("manners",)), TASKS, tmp_path / "out.json")

    assert "holds no right answers" in said
