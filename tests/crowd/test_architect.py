"""Our architect under the tester that Mephisto ships for architects, and what else it promises."""

import signal
import socket
import subprocess
import sys
import textwrap
import time
import urllib.request
from pathlib import Path
from types import SimpleNamespace

import pytest
from mephisto.abstractions.test.architect_tester import ArchitectTests
from mephisto.operations.hydra_config import MephistoConfig
from mephisto.operations.registry import get_architect_from_type
from omegaconf import OmegaConf

from chateval.crowd import LocalArchitect
from chateval.errors import RouterError


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("localhost", 0))
        return int(probe.getsockname()[1])


class TestLocalArchitect(ArchitectTests):  # type: ignore[misc]
    ArchitectClass = LocalArchitect

    def get_architect(self) -> LocalArchitect:
        arguments = LocalArchitect.ArgsClass(port=str(free_port()))
        config = OmegaConf.structured(MephistoConfig(architect=arguments))
        self.curr_architect = LocalArchitect(self.db, config, None, self.task_run, self.build_dir)
        return self.curr_architect

    def tearDown(self) -> None:
        if self.curr_architect is not None:
            self.curr_architect.shutdown()
        super().tearDown()

    def server_is_prepared(self, build_dir: str) -> bool:
        return (Path(build_dir) / "page").is_dir()

    def server_is_cleaned(self, build_dir: str) -> bool:
        """The router serves the page from where it was put together, so that nothing is left over elsewhere."""
        return any(Path(build_dir).iterdir())

    def server_is_shutdown(self) -> bool:
        assert self.curr_architect is not None
        return not self.curr_architect.is_running


del ArchitectTests  # pytest would collect it as ours


def test_local_is_ours() -> None:
    """A seed platform's `/mephisto/architect: local` must start our router, not Mephisto's."""
    assert get_architect_from_type("local") is LocalArchitect


def test_a_port_that_is_taken_is_said(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("localhost", 0))
        taken.listen()
        config = OmegaConf.create({"architect": {"hostname": "localhost", "port": str(taken.getsockname()[1])}})
        architect = LocalArchitect(None, config, None, SimpleNamespace(task_type="mock"), str(tmp_path))  # type: ignore[arg-type]
        (tmp_path / "page").mkdir()

        with pytest.raises(RouterError, match=r"did not start.*address already in use"):
            architect.deploy()
        architect.shutdown()


def test_the_router_dies_with_an_operator_that_is_killed(tmp_path: Path) -> None:
    """An orphan would hold the port, and keep telling workers to wait."""
    port = free_port()
    (tmp_path / "page").mkdir()
    program = f"""
        import time
        from omegaconf import OmegaConf
        from chateval.crowd import LocalArchitect
        config = OmegaConf.create({{"architect": {{"hostname": "localhost", "port": "{port}"}}}})
        LocalArchitect(None, config, None, None, {str(tmp_path)!r}).deploy()
        print("up", flush=True)
        time.sleep(60)
    """
    operator = subprocess.Popen([sys.executable, "-c", textwrap.dedent(program)], stdout=subprocess.PIPE)
    assert operator.stdout is not None
    assert operator.stdout.readline() == b"up\n"
    operator.send_signal(signal.SIGKILL)
    operator.wait()
    operator.stdout.close()

    assert is_gone(port)


def is_gone(port: int) -> bool:
    for _ in range(100):
        try:
            urllib.request.urlopen(f"http://localhost:{port}/is_alive", timeout=1).close()
        except OSError:
            return True
        time.sleep(0.05)
    return False
