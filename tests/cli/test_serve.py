"""What `chateval serve` refuses before it starts anything; `tests/bots/serving/test_serving.py` starts it."""

import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from chateval.bots.serving import KEY_VARIABLE
from chateval.cli import main

BOTS = "echo: {kind: scripted, echo: true}\nperson: {kind: human}\nodd: {kind: scripted}\n"


@pytest.fixture
def serve(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Callable[..., str]:
    """Runs the command, which must end with an error of the user's; gives what it said."""
    monkeypatch.delenv(KEY_VARIABLE, raising=False)
    file = tmp_path / "model_opts.yaml"
    file.write_text(BOTS, encoding="utf-8")

    def serve(*options: str) -> str:
        assert main(["serve", str(file), *options]) == 2
        said = capsys.readouterr()
        return " ".join((said.out + said.err).split())

    return serve


def test_an_unknown_bot_is_told_with_its_neighbours(serve: Callable[..., str]) -> None:
    assert "--bots: There is no bot 'ecko'. Did you mean 'echo'?" in serve("--bots", "ecko")


def test_a_bot_that_is_wrong_is_told_by_its_line(serve: Callable[..., str]) -> None:
    assert "model_opts.yaml, line 3, odd: A scripted bot needs something to say." in serve("--bots", "odd")


def test_a_person_cannot_be_hosted(serve: Callable[..., str]) -> None:
    assert "Bot 'person' cannot be hosted: it is a person" in serve("--bots", "person")


def test_a_file_that_is_not_there_is_told(serve: Callable[..., str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["serve", "nowhere.yaml"]) == 2

    assert "nowhere.yaml: The file cannot be read" in capsys.readouterr().err


def test_a_port_in_use_is_told(serve: Callable[..., str]) -> None:
    """Ray would say so after half a minute, and at length."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = str(listener.getsockname()[1])

        assert f"Nobody can listen on 127.0.0.1, port {port}: Address already in use" in serve(
            "--bots", "echo", "--port", port
        )


@pytest.mark.parametrize("options", [("--host", "0.0.0.0"), ("--host", "::"), ("--cluster", "10.0.0.1:6379")])  # noqa: S104
def test_who_is_not_alone_needs_a_key(serve: Callable[..., str], options: tuple[str, ...]) -> None:
    """Anyone in the network could use the researcher's GPUs."""
    assert f"so a key is needed. Set one here and where the study runs: export {KEY_VARIABLE}=" in serve(*options)


@pytest.mark.parametrize("key", ["short", "with a line\nbreak in it", "schlüssel schlüssel"])
def test_a_weak_or_odd_key_is_refused_and_not_shown(
    serve: Callable[..., str], monkeypatch: pytest.MonkeyPatch, key: str
) -> None:
    monkeypatch.setenv(KEY_VARIABLE, key)

    said = serve("--host", "0.0.0.0")  # noqa: S104

    assert "at least 16 printable ASCII signs" in said
    assert key not in said


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--replicas", "2", "--max-replicas", "3"), "goes with no --min- or --max-replicas"),
        (("--min-replicas", "4", "--max-replicas", "3"), "--min-replicas 4 is more than --max-replicas 3"),
    ],
)
def test_replicas_that_contradict_each_other_are_told(
    serve: Callable[..., str], options: tuple[str, ...], said: str
) -> None:
    assert said in serve(*options)
