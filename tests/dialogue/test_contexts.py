"""Files of contexts."""

from pathlib import Path

import pytest

from chateval.dialogue import Context, Speaker, Turn, read_contexts, write_contexts
from chateval.errors import DialogueFormatError

WHOLE = Context(
    id="market",
    person_persona=("I sell apples.",),
    bot_persona=("I love pears.", "I am in a hurry."),
    background="A market on Saturday, just before noon: «Äpfel!»",
    turns=(Turn(Speaker.SYSTEM, "How much are these?"), Turn(Speaker.USER, "Two a pound.")),
    dataset="mine",
)


def written(folder: Path, *lines: str) -> Path:
    path = folder / "contexts.jsonl"
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def test_what_is_written_is_read(tmp_path: Path) -> None:
    path = tmp_path / "contexts.jsonl"
    with path.open("w", encoding="utf-8") as out:
        write_contexts([WHOLE, Context(id="bare", background="Rain.")], out)

    assert read_contexts(path) == (WHOLE, Context(id="bare", background="Rain."))


def test_each_part_may_be_missing_and_lines_without_an_id_go_by_their_number(tmp_path: Path) -> None:
    """What a context had in it can be told from an export by its id, which so always is there."""
    path = written(tmp_path, '{"background": "Rain."}', "", '{"turns": [["system", " May I help? "]]}')

    first, second = read_contexts(path)

    assert first == Context(id="1", background="Rain.")
    assert second == Context(id="3", turns=(Turn(Speaker.SYSTEM, "May I help?"),))


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("{", "line 2: Input data was truncated"),
        ('{"persona": []}', "line 2: Object contains unknown field `persona`"),
        ('{"turns": [["bot", "Hi"]]}', "line 2: Invalid enum value 'bot'"),
        ('{"turns": [["user", "Hi"], ["user", "there"]]}', "line 2: Turns 0 and 1 are both by 'user'"),
        ('{"turns": [["user", " "]]}', "line 2: Turn 0 is empty"),
        (f'{{"background": "{"x" * 20_001}"}}', "line 2: The context has 20,001 characters"),
        ('{"id": "x"}', "line 2: There is nothing in it"),
        ('{"id": "1", "background": "Sun."}', "the id '1' stands on 2 lines"),
    ],
)
def test_a_line_that_will_not_do_is_told_with_its_place(tmp_path: Path, line: str, told: str) -> None:
    """The researcher has to find one line in a thousand."""
    path = written(tmp_path, '{"background": "Rain."}', line)

    with pytest.raises(DialogueFormatError) as caught:
        read_contexts(path)

    assert str(path) in str(caught.value)
    assert told in str(caught.value)


def test_a_file_without_contexts_is_none(tmp_path: Path) -> None:
    with pytest.raises(DialogueFormatError, match="holds no context"):
        read_contexts(written(tmp_path, "", " "))
