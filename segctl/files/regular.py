"""The bytes of one regular file, never of anything else: no links, pipes or devices, and no more than wanted."""

from __future__ import annotations

import os
import stat
from typing import Literal

Refusal = Literal["not regular", "too large", "unreadable"]
_FLAGS = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0)


def read_regular(path: str, *, most: int | None = None) -> bytes | Refusal:
    """The content of a file, or why it is not read. A pipe does not block."""
    try:
        descriptor = os.open(path, _FLAGS)
    except OSError:
        return "not regular" if os.path.islink(path) else "unreadable"  # noqa: PTH114 - strings all along, for speed
    try:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            return "not regular"
        if most is not None and status.st_size > most:
            return "too large"
        return _read(descriptor, status.st_size)
    except OSError:
        return "unreadable"
    finally:
        os.close(descriptor)


def _read(descriptor: int, size: int) -> bytes:
    """All bytes up to the size that was looked at: one call for nearly every file."""
    parts: list[bytes] = []
    while size > 0:
        part = os.read(descriptor, size)
        if not part:
            break
        parts.append(part)
        size -= len(part)
    return b"".join(parts)
