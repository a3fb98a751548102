"""A commit of the user's repository. Plain data."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Commit:
    """The commit that the working tree stood on, and whether files differed from it."""

    id: str
    dirty: bool
    branch: str | None = None
    author: str | None = None
