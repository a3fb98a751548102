"""Durations that are typed on a command line: the same texts as in files, refused with the same words."""

from __future__ import annotations

from dataclasses import dataclass

from segctl.base.errors import Refused
from segctl.model.time import Duration
from segctl.spec.moments import read_duration
from segctl.spec.node import Scalar
from segctl.spec.page import Page


@dataclass(frozen=True, slots=True)
class _Nowhere:
    line: int = 0
    column: int = 0


def typed_duration(text: str) -> Duration:
    """`90d`, `3mo`. Raises: Refused."""
    page = Page("command line")
    found = read_duration(page, Scalar(text, True, _Nowhere(), _Nowhere()))
    if found is None:
        mistake = page.mistakes[0]
        raise Refused(mistake.detail, *(mistake.help or ("Write it like 90d or 3mo.",)))
    return found
