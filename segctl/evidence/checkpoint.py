"""Checkpoints (https://c2sp.org/tlog-checkpoint): the size of a log and the root of its tree, under its name."""

from __future__ import annotations

import re
from base64 import b64encode
from dataclasses import dataclass
from typing import Final

from segctl.evidence.merkle import EMPTY_ROOT
from segctl.evidence.note import Note, base64_bytes

_SIZE: Final = re.compile(r"0|[1-9][0-9]{0,18}")
_ORIGIN: Final = "segctl/"


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What a log was: `origin` names it, `root` is the Merkle root over its first `size` rows."""

    origin: str
    size: int
    root: bytes


def origin_of(lineage: str) -> str:
    """The name of the log of a state, for as long as the state lives."""
    return f"{_ORIGIN}{lineage}"


def is_of_another(origin: str, lineage: str) -> bool:
    """Does an origin name the log of another state? One that somebody chose names none."""
    return origin.startswith(_ORIGIN) and origin != origin_of(lineage)


def checkpoint_text(checkpoint: Checkpoint) -> str:
    """The text of its note."""
    return f"{checkpoint.origin}\n{checkpoint.size}\n{b64encode(checkpoint.root).decode()}\n"


def checkpoint_of(note: Note) -> Checkpoint:
    """What a note says as a checkpoint; lines after the third say nothing. Raises: ValueError."""
    lines = note.text.removesuffix("\n").split("\n")
    if len(lines) < 3 or "" in lines:
        raise ValueError("a checkpoint has a line each for its origin, its size and its root")
    origin, size, root, *_ = lines
    if not _SIZE.fullmatch(size):
        raise ValueError("its second line is not a number of rows")
    data = base64_bytes(root)
    if len(data) != len(EMPTY_ROOT):
        raise ValueError("its third line is not a root in base64")
    return Checkpoint(origin, int(size), data)
