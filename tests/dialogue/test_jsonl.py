"""The one format that leaves this project and comes back into it."""

import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chateval.dialogue import Dialogue, Speaker, Turn, read_dialogues, write_dialogue
from chateval.errors import DialogueFormatError

AWKWARD = st.sampled_from(["\n", "\r\n", "\u2028", "\u2029", "\x85", "\x0b", '"', "\\", "\0", "\U0001f642"])
TEXTS = st.one_of(st.text(), st.lists(st.one_of(AWKWARD, st.text(max_size=3))).map("".join))
NAMES = st.text(min_size=1)
TURNS = st.builds(Turn, st.sampled_from(Speaker), TEXTS)
TUPLES_OF_TEXT = st.lists(TEXTS, max_size=3).map(tuple)
DIALOGUES = st.builds(
    Dialogue, NAMES, NAMES, st.lists(TURNS, max_size=5).map(tuple), TUPLES_OF_TEXT, bot_persona=TUPLES_OF_TEXT
)

SEED_LINE = """\
{"dialogue_id": "d-17", "group_id": "empathy-3", "annotation_tasks": ["empathy", "quality_likert"],
 "turns": [["system", "hi there!"], ["user", "Hello, how are you?"], ["system", "i'm good, and you?"]],
 "bot_persona": ["i have two cats.", "i work at night."]}"""


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("dialogues") / "dialogues.jsonl"


def write(path: Path, *lines: str) -> Path:
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return path


@given(st.lists(DIALOGUES, max_size=4))
def test_what_is_written_reads_back_unchanged(file: Path, dialogues: list[Dialogue]) -> None:
    """A study annotates what another has collected: neither an emoji nor a line break may get lost in between."""
    with file.open("w", encoding="utf-8") as out:
        for dialogue in dialogues:
            write_dialogue(dialogue, out)

    assert list(read_dialogues(file)) == dialogues


@pytest.mark.parametrize("sign", ["\n", "\r", "\r\n"], ids=ascii)
def test_a_dialogue_is_one_line_whatever_is_said_in_it(sign: str) -> None:
    """Other people's tools count lines."""
    out = io.StringIO()

    write_dialogue(Dialogue("d", "d", (Turn(Speaker.USER, f"one{sign}two"),)), out)

    assert out.getvalue().count("\n") == 1
    assert "\r" not in out.getvalue()


def test_a_line_of_the_seed_format_loads(tmp_path: Path) -> None:
    """Files made for the platform that this format comes from are used as they are."""
    [dialogue] = read_dialogues(write(tmp_path / "seed.jsonl", SEED_LINE.replace("\n", "")))

    assert dialogue.group_id == "empathy-3"
    assert dialogue.annotation_tasks == ("empathy", "quality_likert")
    assert dialogue.turns[1] == Turn(Speaker.USER, "Hello, how are you?")
    assert dialogue.bot_persona == ("i have two cats.", "i work at night.")


def test_keys_of_ones_own_and_blank_lines_do_no_harm(tmp_path: Path) -> None:
    """Researchers add notes to their files, and editors add an empty last line."""
    path = write(tmp_path / "own.jsonl", '{"dialogue_id": "d", "turns": [["user", "hi"]], "note": [1]}', "", "  ")

    [dialogue] = read_dialogues(path)

    assert dialogue.turns == (Turn(Speaker.USER, "hi"),)


def test_a_dialogue_without_group_is_a_group_of_its_own(tmp_path: Path) -> None:
    """Counts of annotators are given by group; a shared empty name would lump dialogues together."""
    [dialogue] = read_dialogues(write(tmp_path / "one.jsonl", '{"dialogue_id": "d", "turns": []}'))

    assert dialogue.group_id == "d"


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("{", "truncated"),
        ("[]", "object"),
        ('{"turns": []}', "dialogue_id"),
        ('{"dialogue_id": "d", "turns": [["bot", "hi"]]}', "'bot'"),
        ('{"dialogue_id": "d", "turns": [["user"]]}', "length 2"),
        ('{"dialogue_id": "d", "turns": [["user", 7]]}', "$.turns[0][1]"),
        ('{"dialogue_id": 7, "turns": []}', "$.dialogue_id"),
    ],
)
def test_an_error_names_file_and_line(tmp_path: Path, line: str, said: str) -> None:
    """Among ten thousand lines, "invalid JSON" helps nobody."""
    path = write(tmp_path / "broken.jsonl", '{"dialogue_id": "good", "turns": []}', "", line)

    with pytest.raises(DialogueFormatError) as caught:
        list(read_dialogues(path))

    assert f"{path}, line 3: " in str(caught.value)
    assert said in str(caught.value)


def test_dialogues_before_a_broken_line_are_yielded(tmp_path: Path) -> None:
    """Reading is lazy: a large file need not fit into memory."""
    reader = read_dialogues(write(tmp_path / "broken.jsonl", '{"dialogue_id": "good", "turns": []}', "{"))

    assert next(reader).dialogue_id == "good"
