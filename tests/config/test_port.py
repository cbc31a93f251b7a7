"""Whether the page can be served where the study says."""

import socket
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from .labs import Lab


@pytest.fixture
def busy_port() -> Iterator[int]:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield listener.getsockname()[1]


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "0.0.0.0"])  # noqa: S104 - what studies write
def test_a_port_in_use_is_told(lab: "Lab", busy_port: int, host: str) -> None:
    """Mephisto's pages would talk with whatever listens there."""
    problem = lab.problem(
        f"mephisto.architect.port={busy_port}", f"mephisto.architect.hostname={host}", check_port=True
    )
    assert problem.where == f"command line, mephisto.architect.port={busy_port}"
    assert f"Port {busy_port} is in use on {host}" in problem.text


def test_a_port_is_free_again_after_the_check(lab: "Lab", busy_port: int) -> None:
    """The check must not stand in the way of the launch, nor of a second check."""
    free = busy_port + 1 if busy_port < 65535 else busy_port - 1
    for _ in range(2):
        assert lab.load(f"mephisto.architect.port={free}", check_port=True).server.port == free


def test_the_check_can_be_left_out(lab: "Lab", busy_port: int) -> None:
    """Listing and comparing studies must work while one of them runs."""
    assert lab.load(f"mephisto.architect.port={busy_port}").server.port == busy_port


@pytest.mark.parametrize("host", ["192.0.2.1", "no such host", "host.invalid"])
def test_an_address_that_is_not_ours_is_told(lab: "Lab", host: str) -> None:
    """192.0.2.1 is reserved for examples, and no machine has it."""
    problem = lab.problem(f"mephisto.architect.hostname='{host}'", check_port=True)
    assert "hostname" in problem.where
    assert "Write localhost" in problem.text
