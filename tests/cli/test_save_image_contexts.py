"""`scripts/save_image_contexts.py`, as people call it."""

import pickle
import subprocess
import sys
from pathlib import Path

import pytest

from chateval.cli import save_image_contexts
from chateval.pictures import CONTEXTS_FILE, read_contexts

from ..pictures.drawn import drawn, encoded, photos  # noqa: TID252  (draws what those tests do)

SCRIPT = Path(__file__).parents[2] / "scripts" / "save_image_contexts.py"


def test_the_script_saves_a_folder_of_pictures(tmp_path: Path) -> None:
    """It says how many there are, what lacks a caption, and what to write into the study."""
    source, out = photos(tmp_path / "in", "red", "blue"), tmp_path / "out"
    command = [sys.executable, SCRIPT, "--task", source, "--image-context-path", out]

    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)

    assert f"2 pictures in {out}: 2 new, 0 from before" in done.stdout
    assert "2 pictures without a caption" in done.stdout
    assert f"image_context_path: {out}" in done.stdout


def lines_in(path: Path) -> int:
    return path.read_bytes().count(b"\n") if path.exists() else 0


def test_a_script_that_was_killed_goes_on_where_it_was(tmp_path: Path) -> None:
    """As a machine does that runs out of power: no picture is lost, doubled, or half there."""
    source, out = tmp_path / "in", tmp_path / "out"
    source.mkdir()
    for number in range(20):
        (source / f"{number:02}.png").write_bytes(encoded(drawn((number, 0, 0), (600, 600))))
    command = [sys.executable, SCRIPT, "--task", source, "--image-context-path", out]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    while lines_in(out / CONTEXTS_FILE) < 3:
        assert process.poll() is None
    process.kill()
    process.wait()
    before = lines_in(out / CONTEXTS_FILE)

    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)

    assert 0 < before < 20
    assert f"20 pictures in {out}: {20 - before} new, {before} from before" in done.stdout
    assert [one.source for one in read_contexts(out).contexts] == [f"{number:02}.png" for number in range(20)]


def test_a_pickle_is_read_only_when_it_is_trusted(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Reading one runs whatever its maker has put into it."""

    class Trap:
        def __reduce__(self) -> tuple[object, tuple[Path]]:
            return (Path.touch, (tmp_path / "sprung",))

    (tmp_path / "old").write_bytes(pickle.dumps([Trap()]))
    out = str(tmp_path / "out")

    assert save_image_contexts(["--from-pickle", str(tmp_path / "old"), "--image-context-path", out]) == 2

    assert "--i-trust-this-file" in capsys.readouterr().err
    assert not (tmp_path / "sprung").exists()


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        ([], "Which pictures?"),
        (["--task", "{in}", "--num-exampels", "3"], "'--num-exampels' is no option"),
        (["--task", "{in}/nowhere.jsonl"], "cannot be read"),
        (["--task", "{in}/nowhere"], "cannot be read"),
    ],
)
def test_mistakes_are_told_without_a_traceback(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], reason: str
) -> None:
    source = photos(tmp_path / "in", "red")
    given = [argument.replace("{in}", str(source)) for argument in arguments]

    assert save_image_contexts([*given, "--image-context-path", str(tmp_path / "out")]) == 2

    assert reason in " ".join(capsys.readouterr().err.split())


def test_arguments_for_parlai_do_no_harm_to_ones_own_pictures(tmp_path: Path) -> None:
    """The same command line may be tried with a folder first."""
    source = photos(tmp_path / "in", "red")
    arguments = ["--task", str(source), "--datatype", "test", "-ne", "5", "--image-context-path", str(tmp_path / "out")]

    assert save_image_contexts(arguments) == 0


def test_nothing_saved_is_no_success(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "broken.png").write_bytes(b"nothing")

    assert save_image_contexts(["--task", str(tmp_path / "in"), "--image-context-path", str(tmp_path / "out")]) == 1
