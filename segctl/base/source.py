"""What a reader is given of a file: its name and its bytes. Plain data, so that reading needs no disk."""

from __future__ import annotations

from dataclasses import dataclass

MAX_FILE_BYTES = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Source:
    """A document file. `file` is its name below the project's root, with `/` between folders."""

    file: str
    data: bytes


@dataclass(frozen=True, slots=True)
class ListSource:
    """A side file of player ids, read: without repeats, in their order. `digest` is the SHA-256 of its bytes."""

    file: str
    ids: tuple[str, ...]
    digest: str


@dataclass(frozen=True, slots=True)
class Unreadable:
    """Why a side file could not be read, in words for a diagnostic where it is named."""

    detail: str
    help: tuple[str, ...] = ()
