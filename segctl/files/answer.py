"""Asks git itself, whose answer comes sooner than a library's: fixed words, full hashes, and names after `--`."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path


def answer(root: Path, *arguments: str, asked: bytes = b"") -> tuple[int, bytes]:
    """The exit code of git and what it says. Raises: OSError, where git cannot be started."""
    done = subprocess.run(  # noqa: S603 - callers give words of ours, full hashes, and names after `--`
        ("git", "-C", os.fspath(root), *arguments),  # noqa: S607 - git is where the user has it
        input=asked,
        capture_output=True,
        check=False,
    )
    return done.returncode, done.stdout
