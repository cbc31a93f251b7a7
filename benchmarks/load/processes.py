"""What /proc tells of processes: their children, their memory, the time that they have had."""

import os
import resource
import signal
import subprocess
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

PROC = Path("/proc")
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Memory:
    """Resident and proportional set size, in KiB."""

    rss_kib: int
    pss_kib: int


def children_of(pid: int) -> list[int]:
    return [int(child) for child in (PROC / str(pid) / "task" / str(pid) / "children").read_text().split()]


def memory_of(pid: int) -> Memory:
    lines = (PROC / str(pid) / "smaps_rollup").read_text().splitlines()[1:]
    sizes = {name: int(value.split()[0]) for name, _, value in (line.partition(":") for line in lines)}
    return Memory(sizes["Rss"], sizes["Pss"])


def cpu_seconds(pid: int) -> float:
    """Time on a core so far, its own and the kernel's on its behalf."""
    fields = (PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def threads_of(pid: int) -> int:
    return len(list((PROC / str(pid) / "task").iterdir()))


def allow_many_files() -> None:
    """Raise this process's soft limit of open files, and with it that of the servers it starts, to the hard one."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


def end(process: subprocess.Popen[bytes], number: signal.Signals) -> None:
    """End a process and its children, and wait until it is gone."""
    children = children_of(process.pid) if process.poll() is None else []
    process.send_signal(number)
    process.wait(30)
    for child in children:
        with suppress(ProcessLookupError):
            os.kill(child, number)
