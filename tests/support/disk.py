"""A small file system that can be filled, so that a disk is full for real. Needs the right to mount one."""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from uuid import uuid4

import pytest

MEGABYTES = 64


@contextmanager
def small_file_system() -> Iterator[Path]:
    """A folder on a file system of its own."""
    folder = Path(tempfile.gettempdir()) / f"segctl-disk-{uuid4().hex[:8]}"
    folder.mkdir(mode=0o755)
    mount = ["mount", "-t", "tmpfs", "-o", f"size={MEGABYTES}m", "tmpfs", str(folder)]
    if os.geteuid() != 0 or subprocess.run(mount, capture_output=True, check=False).returncode:
        folder.rmdir()
        pytest.skip("needs root, and the right to mount a file system")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)
        folder.rmdir()


def fill(ballast: Path) -> None:
    """Takes every page that is left."""
    with suppress(OSError), ballast.open("wb", buffering=0) as file:
        while True:
            file.write(bytes(4096))
