"""Whole processes: how long they take and how much memory they need at most.

This process stays small: what Linux says of a child's peak includes the size of who started it.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

KIB_PER_MIB = 1024
SEGCTL = str(Path(sys.executable).with_name("segctl"))


@dataclass(frozen=True, slots=True)
class Measured:
    """Wall and CPU seconds, peak of resident memory, and what was printed.

    On a busy machine the CPU seconds tell more: they do not count waiting for others.
    """

    seconds: float
    cpu: float
    peak_mib: float
    printed: str


def nothing() -> None:
    """Prepares nothing."""


def process(command: Sequence[str], folder: Path | None = None) -> Measured:
    """Runs a command to its end. Raises: RuntimeError, when it fails.

    Bytecode is cached as on users' machines, whatever this process was told.
    """
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as said:
        start = time.perf_counter()
        running = subprocess.Popen(command, cwd=folder, env=environment, stdout=out, stderr=said)
        _, status, usage = os.wait4(running.pid, 0)
        seconds = time.perf_counter() - start
        running.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        said.seek(0)
        if running.returncode:
            raise RuntimeError(f"{' '.join(command)}: {said.read().decode()}\n{out.read().decode()[-2000:]}")
        cpu = usage.ru_utime + usage.ru_stime
        return Measured(seconds, cpu, usage.ru_maxrss / KIB_PER_MIB, out.read().decode())


def repeated(
    command: Sequence[str], runs: int, *, folder: Path | None = None, before: Callable[[], object] = nothing
) -> Measured:
    """The median run of several, after one that does not count; `before` prepares each."""
    found = []
    for _ in range(runs + 1):
        before()
        found.append(process(command, folder))
    counted = found[1:]
    return Measured(
        median(one.seconds for one in counted),
        median(one.cpu for one in counted),
        median(one.peak_mib for one in counted),
        counted[-1].printed,
    )
