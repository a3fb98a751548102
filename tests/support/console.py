"""segctl as others run it: a process of its own, with an environment that a developer's shell does not reach."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

SEGCTL = Path(sys.executable).with_name("segctl")


def environment(folder: Path, **variables: str) -> dict[str, str]:
    """What a process is given: no colour, no CI, no git identity but its own; bug reports go to `folder`."""
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        "TMPDIR": str(folder),
        "LANG": "C.UTF-8",
        "GIT_CONFIG_NOSYSTEM": "1",
        **variables,
    }


def start(folder: Path, *arguments: str, **variables: str) -> subprocess.Popen[str]:
    """A segctl that runs in `folder`, its words to be read through pipes."""
    return subprocess.Popen(
        [str(SEGCTL), *arguments],
        cwd=folder,
        env=environment(folder, **variables),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )


def segctl(folder: Path, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """The same, waited for."""
    process = start(folder, *arguments, **variables)
    with process:
        out, err = process.communicate(timeout=60)
    return subprocess.CompletedProcess(process.args, process.returncode, out, err)
