"""A folder of pictures: each once, none lost, whatever ends the saving."""

import hashlib
import json
from pathlib import Path

import pytest

from chateval.errors import PictureError
from chateval.pictures import CONTEXTS_FILE, read_contexts
from chateval.pictures.saving import Saving, pictures_of_files

from .drawn import drawn, encoded, photos, saved


def test_a_folder_of_pictures_becomes_contexts(tmp_path: Path) -> None:
    """Ids are digests of the files, so that anyone can check what was talked about."""
    source = photos(tmp_path / "in", "red", "blue")
    (source / "red.txt").write_text("A white square\n  on red.\n")

    done = saved(tmp_path / "out", source)

    blue, red = read_contexts(tmp_path / "out").contexts
    assert (done.new, done.without_caption) == (2, 1)
    assert (blue.source, blue.caption, red.caption) == ("blue.png", "", "A white square on red.")
    assert red.id == hashlib.sha256((tmp_path / "out" / red.file).read_bytes()).hexdigest()


def test_a_picture_is_kept_once_under_whatever_name(tmp_path: Path) -> None:
    """Nor is it another because its file says another time of day."""
    source = photos(tmp_path / "in", "red")
    (source / "again.png").write_bytes((source / "red.png").read_bytes())
    (source / "the same in other bytes.png").write_bytes(encoded(drawn("red"), compress_level=0))

    done = saved(tmp_path / "out", source)

    assert (done.new, done.repeated) == (1, 2)


def test_a_broken_picture_is_told_and_the_rest_goes_on(tmp_path: Path) -> None:
    source = photos(tmp_path / "in", "red", "blue")
    (source / "broken.jpg").write_bytes(b"\xff\xd8nothing")

    done = saved(tmp_path / "out", source)

    assert done.new == 2
    assert done.refused == [
        "broken.jpg is left out. It is no picture in a format that is known here: JPEG, PNG, WEBP, GIF, BMP, TIFF."
    ]


@pytest.mark.parametrize("end", [b"", b'{"id":"half a li'], ids=["between two", "within a line"])
def test_a_saving_that_was_killed_is_gone_on_with(tmp_path: Path, end: bytes) -> None:
    """Thousands of pictures take a while, and machines are shut down."""
    source = photos(tmp_path / "in", "blue", "green", "red")
    saved(tmp_path / "out", source, most=1)
    with (tmp_path / "out" / CONTEXTS_FILE).open("ab") as file:
        file.write(end)

    done = saved(tmp_path / "out", source)

    assert (done.known, done.new) == (1, 2)
    assert [one.source for one in read_contexts(tmp_path / "out").contexts] == ["blue.png", "green.png", "red.png"]


def test_no_more_are_saved_than_asked_for(tmp_path: Path) -> None:
    """Those from before count: the number is that of the folder."""
    source = photos(tmp_path / "in", "blue", "green", "red")
    saved(tmp_path / "out", source, most=2)

    assert saved(tmp_path / "out", source, most=2).new == 0
    assert saved(tmp_path / "out", source, most=3).new == 1


def test_lines_name_pictures_with_all_that_belongs_to_them(tmp_path: Path) -> None:
    source = photos(tmp_path / "in", "red")
    line = {
        "file": "in/red.png",
        "caption": "Red.",
        "turns": [["system", "What is this?"]],
        "bot_persona": ["I paint."],
    }
    lines = tmp_path / "mine.jsonl"
    lines.write_text(json.dumps({**line, "background": "At an exhibition.", "licence": "ours"}) + "\n\n")

    saved(tmp_path / "out", lines)

    (context,) = read_contexts(tmp_path / "out").contexts
    begun = context.context(include_persona=True)
    assert (begun.bot_persona, begun.background, begun.turns[0].text) == (
        ("I paint.",),
        "At an exhibition.",
        "What is this?",
    )
    assert context.context(include_persona=False).bot_persona == ()
    assert source.is_dir()


def test_captions_may_stand_in_one_file(tmp_path: Path) -> None:
    source = photos(tmp_path / "in", "red")
    (source / "captions.jsonl").write_text('{"file": "red.png", "caption": "Red."}\n')

    saved(tmp_path / "out", source)

    assert read_contexts(tmp_path / "out").contexts[0].caption == "Red."


def test_pictures_below_a_folder_are_found_and_hidden_ones_are_not(tmp_path: Path) -> None:
    photos(tmp_path / "in" / "summer", "red")
    photos(tmp_path / "in" / ".thumbnails", "blue")

    saved(tmp_path / "out", tmp_path / "in")

    assert [one.source for one in read_contexts(tmp_path / "out").contexts] == ["summer/red.png"]


@pytest.mark.parametrize(
    ("text", "reason"),
    [("nothing", "line 1: JSON is malformed"), ('{"caption": "x"}', "missing required field `file`")],
)
def test_a_line_that_is_wrong_is_named(tmp_path: Path, text: str, reason: str) -> None:
    (tmp_path / "mine.jsonl").write_text(text)

    with pytest.raises(PictureError, match=reason):
        list(pictures_of_files(tmp_path / "mine.jsonl"))


def test_a_folder_without_pictures_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PictureError, match="There are no pictures in"):
        list(pictures_of_files(tmp_path))


def test_a_place_that_cannot_be_written_to_is_refused(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("a file")

    with pytest.raises(PictureError, match="Name another --image-context-path"):
        Saving(tmp_path / "out")
