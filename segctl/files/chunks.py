"""A file of numbered chunks with a description before them, each with a checksum. Whole or not there at all."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from mmap import mmap
from os import fstat
from pathlib import Path
from typing import Any
from zlib import crc32

from segctl.base.digest import canonical_json
from segctl.files.atomic import replacing

_MARK = b"segctl chunks 1\n"
_NUMBER = 8


@dataclass(frozen=True, slots=True)
class Chunks:
    """What a file holds. The chunks belong to whoever reads them, who may write over them."""

    description: Mapping[str, Any]
    chunks: Sequence[memoryview]


class DamagedError(Exception):
    """A file is not whole, or not as it was written."""


def write_chunks(path: Path, description: Mapping[str, Any], chunks: Sequence[memoryview]) -> None:
    """Puts a file in the place of one that is there. Raises: Refused."""
    told = {"of": description, "chunks": [[chunk.nbytes, crc32(chunk)] for chunk in chunks]}
    header = canonical_json(told).encode()
    with replacing(path) as part, part.open("wb") as file:
        file.write(_MARK)
        file.write(len(header).to_bytes(_NUMBER, "little"))
        file.write(crc32(header).to_bytes(_NUMBER, "little"))
        file.write(header)
        for chunk in chunks:
            file.write(chunk)


def read_chunks(path: Path) -> Chunks | None:
    """What is there; None if nothing is. Raises: DamagedError."""
    try:
        data = memoryview(_bytes(path))
    except FileNotFoundError:
        return None
    except OSError as error:
        raise DamagedError(f"it cannot be read: {error.strerror or error}") from error
    start = len(_MARK)
    if data[:start] != _MARK:
        raise DamagedError("it is no such file")
    length, checksum = (int.from_bytes(data[at : at + _NUMBER], "little") for at in (start, start + _NUMBER))
    at = start + 2 * _NUMBER + length
    header = data[start + 2 * _NUMBER : at]
    if len(header) != length or crc32(header) != checksum:
        raise DamagedError("its description is damaged")
    told = json.loads(bytes(header))
    chunks = []
    for size, expected in told["chunks"]:
        chunk = data[at : at + size]
        if len(chunk) != size or crc32(chunk) != expected:
            raise DamagedError("a chunk of it is damaged")
        chunks.append(chunk)
        at += size
    if at != len(data):
        raise DamagedError("it is longer than it says")
    return Chunks(told["of"], chunks)


def _bytes(path: Path) -> mmap | bytearray:
    """In memory that nobody has filled with zeros first."""
    with path.open("rb") as file:
        size = fstat(file.fileno()).st_size
        data = mmap(-1, size) if size else bytearray()
        file.readinto(data)
    return data
