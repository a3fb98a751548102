"""What decides how documents are read, beside themselves: this code, and the libraries that stand beside it."""

from __future__ import annotations

import hashlib
import os
import sys
from pathlib import Path

import yaml

from segctl.version import VERSION

_CODE = Path(__file__).resolve().parent.parent
_LIBRARIES = Path(yaml.__file__).resolve().parent.parent


def stamp() -> str:
    """Another one as soon as any module of segctl or the version of any library is another.

    Sizes and times of modules are looked at as well, since a version stands still while the code is worked on.
    """
    libraries = sorted(one.name for one in os.scandir(_LIBRARIES) if one.name.endswith(".dist-info"))
    seen = repr((VERSION, sys.version, libraries, sorted(_modules(str(_CODE)))))
    return hashlib.sha256(seen.encode()).hexdigest()


def _modules(folder: str) -> list[tuple[str, int, int]]:
    found: list[tuple[str, int, int]] = []
    for room in ("base", "model", "spec", "spec/form", "files", "plan", "workflow"):
        with os.scandir(f"{folder}/{room}") as entries:
            for entry in entries:
                if entry.name.endswith(".py"):
                    status = entry.stat()
                    found.append((f"{room}/{entry.name}", status.st_size, status.st_mtime_ns))
    return found
