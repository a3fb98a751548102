"""The folder `.segctl/cache` of a project: lines that were made before, sealed with a key of the user's own.

The folder may come with a cloned repository, so what is in it counts only if this user wrote it. Whatever is
missing, broken or forged is as if it were not there, and what cannot be written is left. Nothing is ever raised.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from segctl.files.regular import read_regular

FOLDER: Final = ".segctl/cache"
FILE: Final = "documents"
FORMAT: Final = b"segctl-cache 1"
_KEY_BYTES: Final = 32
_MOST: Final = 256 * 2**20
_OWNER_ONLY: Final = 0o600
_IGNORED: Final = "*\n"
_PART: Final = ".part"


@dataclass(frozen=True, slots=True)
class Cache:
    """Where the cache of a project is. `home` is the user's own folder, outside of any project, for the key."""

    root: Path
    home: Path
    key: bytes | None = field(default=None, repr=False)


def cache_of(root: Path, home: Path) -> Cache:
    """The cache of a project, and its key, which is made if there is none; None if there can be none."""
    return Cache(root, home, _key(home / "cache.key"))


def read(cache: Cache) -> dict[str, str]:
    """The lines by their keys: all that were written last, or none."""
    folder = _folder(cache.root)
    data = None if folder is None or cache.key is None else read_regular(f"{folder}/{FILE}", most=_MOST)
    if cache.key is None or not isinstance(data, bytes):
        return {}
    head, _, body = data.partition(b"\n")
    if not hmac.compare_digest(head, _head(cache.key, body)):
        return {}
    lines = (line.partition("\t") for line in body.decode().split("\n"))
    return {key: line for key, _, line in lines if key}


def write(cache: Cache, lines: Mapping[str, str]) -> None:
    """Replaces what is there, whole or not at all. No line holds a line's end, no key a tab."""
    if cache.key is None:
        return
    body = "\n".join(f"{key}\t{line}" for key, line in lines.items()).encode()
    with suppress(OSError):
        made = cache.root / FOLDER
        made.mkdir(parents=True, exist_ok=True)
        folder = _folder(cache.root)
        if folder is not None:
            _sweep(folder)
            _replace(f"{folder}/.gitignore", _IGNORED.encode())
            _replace(f"{folder}/{FILE}", b"\n".join((_head(cache.key, body), body)))


def _folder(root: Path) -> str | None:
    """The folder, if no link on the way leads somewhere else."""
    path = os.path.join(os.path.realpath(root), *FOLDER.split("/"))  # noqa: PTH118 - strings all along
    return path if os.path.realpath(path) == path else None


def _head(key: bytes, body: bytes) -> bytes:
    return FORMAT + b" " + hmac.digest(key, FORMAT + b"\n" + body, hashlib.sha256).hex().encode()


def _sweep(folder: str) -> None:
    """Takes away what killed processes left. One that is at it loses its work, which nobody misses.

    Raises: OSError.
    """
    for path in Path(folder).iterdir():
        if path.name.endswith(_PART):
            path.unlink(missing_ok=True)


def _replace(path: str, data: bytes) -> None:
    """Raises: OSError."""
    part = f"{path}.{os.getpid()}.{secrets.token_hex(4)}{_PART}"
    try:
        _create(part, data)
        os.replace(part, path)  # noqa: PTH105 - strings all along
    finally:
        with suppress(OSError):
            os.unlink(part)  # noqa: PTH108 - strings all along


def _create(path: str, data: bytes) -> None:
    """Raises: OSError, where something stands already."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _OWNER_ONLY)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)


def _key(path: Path) -> bytes | None:
    """The key at a path. Of two processes that make it at once, one is first, and both take its key."""
    key = read_regular(str(path), most=_KEY_BYTES)
    if isinstance(key, bytes) and len(key) == _KEY_BYTES:
        return key
    if not isinstance(key, bytes) and key != "unreadable":
        return None
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh = f"{path}.{os.getpid()}.{secrets.token_hex(4)}{_PART}"
        try:
            _create(fresh, secrets.token_bytes(_KEY_BYTES))
            with suppress(FileExistsError):
                os.link(fresh, path)
        finally:
            with suppress(OSError):
                os.unlink(fresh)  # noqa: PTH108 - strings all along
    key = read_regular(str(path), most=_KEY_BYTES)
    return key if isinstance(key, bytes) and len(key) == _KEY_BYTES else None
