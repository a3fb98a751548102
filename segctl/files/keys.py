"""Files of keys and of what keys have signed: a private key is written once, for its owner alone."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import Final

from segctl.base.errors import Refused

_OWNER_ONLY: Final = 0o600
_OTHERS: Final = stat.S_IRWXG | stat.S_IRWXO


def read_evidence(path: Path, most: int) -> bytes:
    """What is in a file that has no more than so many bytes; one more than that, if it has.

    A pipe will do, as shells make them of `<(…)`. Raises: Refused.
    """
    try:
        with path.open("rb") as file:
            return file.read(most + 1)
    except OSError as error:
        raise Refused(f"{path} cannot be read: {error.strerror}.", "Check the name of the file.") from error


def others_may_read(path: Path) -> bool:
    """May anybody but its owner do anything with a file? Nobody knows on Windows, where modes say nothing."""
    return os.name == "posix" and path.is_file() and bool(path.stat().st_mode & _OTHERS)


def write_new_key(path: Path, private: bytes, public: bytes) -> Path:
    """Writes a private key, and its public one to a file beside it, whose name is given back. Raises: Refused."""
    beside = path.with_name(f"{path.name}.pub")
    for file in (path, beside):
        if file.exists():
            raise Refused(f"{file} is there already, and a key that is lost cannot be made again.", _ANOTHER)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _OWNER_ONLY)
        with os.fdopen(descriptor, "wb") as opened:
            opened.write(private)
        beside.write_bytes(public)
    except OSError as error:
        raise Refused(f"{path} cannot be written: {error.strerror}.", _ANOTHER) from error
    return beside


_ANOTHER: Final = "Choose another name: segctl audit keygen FILE"
