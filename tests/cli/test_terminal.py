"""The study as someone at a terminal sees it."""

import os
import pty
import signal
import socket
import subprocess
import sys
from pathlib import Path

CHECKOUT = Path(__file__).parents[2]


def read_until(terminal: int, wanted: bytes) -> bytes:
    """What the terminal shows, up to where `wanted` has appeared or the program has gone."""
    shown = b""
    while wanted not in shown:
        try:
            shown += os.read(terminal, 65536)
        except OSError:  # the program has closed its end
            break
    return shown


def test_a_terminal_shows_a_table_and_ctrl_c_ends_it_cleanly(tmp_path: Path) -> None:
    """Most studies are watched, and stopped, just so."""
    with socket.socket() as probe:
        probe.bind(("localhost", 0))
        port = probe.getsockname()[1]
    terminal, theirs = pty.openpty()
    command = [sys.executable, "welcome.py", "conf=collect_dialogues", f"data_dir={tmp_path}"]
    overrides = [
        f"mephisto.architect.port={port}",
        'mephisto.blueprint.conversations_needed_string="listener:2"',
    ]
    process = subprocess.Popen([*command, *overrides], stdin=theirs, stdout=theirs, stderr=theirs, cwd=CHECKOUT)
    os.close(theirs)

    table = read_until(terminal, b"\xe2\x94\x94")  # the table's lower left corner
    process.send_signal(signal.SIGINT)
    rest = read_until(terminal, b"goes on with it")

    assert process.wait(20) == 0
    assert b"Ready:" in table
    assert b"abandoned" in table
    assert b"0 of 2 sessions are done" in rest
    os.close(terminal)
