"""Secrets stay where they are needed: not in logs, process lists, exports or the page."""

import subprocess
import sys
from pathlib import Path

from chateval import wire

from .conftest import ROOT, LiveStudy


def secrets_of(study: LiveStudy, token: str) -> list[bytes]:
    environ = Path(f"/proc/{study.router_pid}/environ").read_bytes().split(b"\0")
    start = f"{wire.SECRET_VARIABLE}=".encode()
    [router_secret] = [part.removeprefix(start) for part in environ if part.startswith(start)]
    keys = [path.read_bytes() for path in study.data_dir.glob("*.key")]
    assert len(router_secret) >= 32
    return [router_secret, token.encode(), *keys, *(key.hex().encode() for key in keys)]


async def test_no_secret_is_in_logs_process_lists_exports_or_the_page(live: LiveStudy, tmp_path: Path) -> None:
    async with live.page() as page:
        token = await page.begin("secretive")
        await page.say("hello", "m")
        await page.socket.send('{"kind":"resume","token":"' + token)  # broken, so that someone may want to log it
        await page.hears("rejected")
        await page.finish()
    export = [sys.executable, "-m", "chateval", "export", "--task-name", "collect_dialogues", "--out", str(tmp_path)]
    subprocess.run([*export, "--data-dir", str(live.data_dir)], cwd=ROOT, check=True, capture_output=True, timeout=60)
    secrets = secrets_of(live, token)

    logs = [path for path in live.data_dir.rglob("*.log") if path.is_file()]
    assert {"terminal.log", "router.log"} <= {path.name for path in logs}
    exported = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert any(b"hello" in path.read_bytes() for path in exported)
    served = [path for path in live.data_dir.rglob("build/page/**/*") if path.is_file()]
    assert any(path.name == "index.html" for path in served)
    command_lines = list(Path("/proc").glob("[0-9]*/cmdline"))
    for path in [*logs, *exported, *served, *command_lines]:
        try:
            content = path.read_bytes()
        except OSError:  # a process that has ended meanwhile
            continue
        assert not [secret for secret in secrets if secret in content], path


def test_a_visit_leaves_no_line_in_the_log(live: LiveStudy) -> None:
    """Who came, from where and when is nobody's business but the study's."""
    [log] = live.data_dir.rglob("router.log")

    assert "GET /" not in log.read_text()
    assert "/page" not in log.read_text()
