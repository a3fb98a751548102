"""How a worker is called in the state, and whether one that is called so is known to be dead."""

from __future__ import annotations

import os
import secrets
import socket
from contextlib import suppress
from pathlib import Path

from segctl.store.note import is_alive


def worker() -> str:
    """A name for this process that no other has: where it runs, its number there, and something random."""
    return f"{_here()}/{os.getpid()}/{secrets.token_hex(4)}"


def is_gone(name: str) -> bool:
    """Did a worker of this machine end? Of another's nothing is known: False."""
    where, _, process = name.rpartition("/")[0].rpartition("/")
    if where != _here():
        return False
    with suppress(ValueError):
        return not is_alive(int(process))
    return True


def _here() -> str:
    """The machine, and which of its spaces of process numbers: containers may share a name."""
    space = ""
    with suppress(OSError):
        space = str(Path("/proc/self/ns/pid").readlink())
    return f"{socket.gethostname()}/{space}"
