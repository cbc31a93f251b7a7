"""What a study reads of a folder of pictures is what was saved, or is refused before anyone is paid."""

import pickle
from pathlib import Path

import pytest

from chateval.errors import PictureError
from chateval.pictures import CONTEXTS_FILE, PictureSources, read_contexts

from .drawn import photos, picture_folder


def test_a_folder_and_the_file_in_it_are_the_same(tmp_path: Path) -> None:
    folder = picture_folder(tmp_path, "red")

    assert read_contexts(folder) == read_contexts(folder / CONTEXTS_FILE)


def test_a_picture_that_was_exchanged_is_found_out(tmp_path: Path) -> None:
    """Its caption, and what was said about it, would be about another."""
    folder = picture_folder(tmp_path, "blue", "red")
    blue, red = (folder / one.file for one in read_contexts(folder).contexts)
    blue.write_bytes(red.read_bytes())

    with pytest.raises(PictureError, match=r"line 1: .* its SHA-256 differs from the id"):
        read_contexts(folder)


def test_every_line_that_is_wrong_is_told(tmp_path: Path) -> None:
    folder = picture_folder(tmp_path, "blue", "red")
    file = folder / CONTEXTS_FILE
    first, second = file.read_text().splitlines()
    outside = second.replace("images/", "../photos/../contexts/../")
    file.write_text("\n".join([first, first, outside, "{}", first.replace("images/", "gone/")]))

    with pytest.raises(PictureError) as caught:
        read_contexts(folder)

    for text in (
        "line 2: The picture of line 1 once more",
        "line 3: ",
        "is not in the folder",
        "line 4: Object missing",
    ):
        assert text in str(caught.value)


def test_a_pickle_is_not_opened(tmp_path: Path) -> None:
    """Opening one runs it."""

    class Trap:
        def __reduce__(self) -> tuple[object, tuple[str]]:
            return (Path.touch, (str(tmp_path / "sprung"),))

    (tmp_path / "image_contexts").write_bytes(pickle.dumps([Trap()]))

    with pytest.raises(PictureError, match=r"--from-pickle .* --i-trust-this-file"):
        read_contexts(tmp_path / "image_contexts")

    assert not (tmp_path / "sprung").exists()


def test_a_folder_of_bare_pictures_is_told_how_to_be_saved(tmp_path: Path) -> None:
    with pytest.raises(PictureError, match=r"save_image_contexts.py --task .*photos"):
        read_contexts(photos(tmp_path / "photos", "red"))


@pytest.mark.parametrize("text", ["", "\n"])
def test_a_study_without_any_picture_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / CONTEXTS_FILE).write_text(text)

    with pytest.raises(PictureError, match="holds no pictures"):
        read_contexts(tmp_path)


def test_a_page_is_sent_a_picture_as_a_data_url(tmp_path: Path) -> None:
    folder = picture_folder(tmp_path, "red")
    (red,) = read_contexts(folder).contexts

    assert PictureSources(folder).source(red.file).startswith("data:image/png;base64,iVBOR")


def test_a_picture_that_is_gone_is_an_empty_one(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """The session goes on; the page says that it cannot be shown, and the log why."""
    assert PictureSources(tmp_path).source("images/gone.png") == ""
    assert "No such file" in caplog.text


def test_only_so_much_is_kept_in_memory(tmp_path: Path) -> None:
    folder = picture_folder(tmp_path, "red", "green", "blue")
    files = [one.file for one in read_contexts(folder).contexts]
    sources = PictureSources(folder, most_characters=500)
    first = [sources.source(file) for file in files]

    assert [sources.source(file) for file in files] == first
    assert sum(map(len, sources._kept.values())) <= 500
