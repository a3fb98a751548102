"""A first catalog from a warehouse: looked at, guessed, and written down as YAML."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePosixPath

from segctl.base.address import place
from segctl.model.draft import Draft
from segctl.view.draft import draft_yaml
from segctl.warehouse.infer.walk import Told, infer
from segctl.warehouse.look import look_at


@dataclass(frozen=True, slots=True)
class Inferred:
    """The draft, and its text."""

    draft: Draft
    text: str


def inferred_catalog(url: str, told: Told) -> Inferred:
    """A catalog of the warehouse at an address. Raises: Refused."""
    with look_at(url) as look:
        draft = infer(look, told)
    return Inferred(draft, draft_yaml(draft, file_of(url)))


def file_of(url: str) -> str:
    """The last part of an address, which names the database (or the server) and holds no password."""
    return PurePosixPath(place(url)).name
