"""Copies a segment of the files into a draft of its own, beside it. The state is only asked what is deployed."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from segctl.base.errors import Mistakes, Refused
from segctl.base.source import Source
from segctl.files.atomic import write_text
from segctl.spec.form.clone import cloned
from segctl.spec.form.formatted import formatted
from segctl.spec.masked import masked, personal_names
from segctl.spec.page import Page
from segctl.spec.suggest import did_you_mean
from segctl.store import definitions
from segctl.workflow.context import Context
from segctl.workflow.drafts import Found, check_free, check_name, document_of
from segctl.workflow.load import Loaded
from segctl.workflow.state import looking

_line_breaks = re.compile(r"\r\n?").sub
_SQLITE = "sqlite:///"


@dataclass(frozen=True, slots=True)
class Draft:
    """The file that was written, and the one that it was copied from."""

    file: str
    source: str


def clone(loaded: Loaded, name: str, new: str, title: str | None, deployed: Callable[[], frozenset[str]]) -> Draft:
    """Writes the draft. `deployed` gives the names that the state knows. Raises: Refused, Mistakes."""
    check_name(new)
    found = document_of(loaded, name)
    if found is None:
        raise _unknown(loaded, name, deployed())
    taken = document_of(loaded, new)
    if taken is not None:
        raise Refused(
            f"`{new}` is taken: {taken.source.file} declares it.", f"Choose another: segctl clone {name} NAME"
        )
    if new in deployed():
        raise Refused(
            f"`{new}` is taken: a segment of that name is deployed, or was, and no file declares it.",
            f"Choose another: segctl clone {name} NAME",
            f"What it is: segctl show {new}",
        )
    file = str(PurePosixPath(found.source.file).with_name(f"{new}.yaml"))
    check_free(loaded.root, file)
    write_text(loaded.root / file, _text(found, loaded.sources, file, new, title))
    return Draft(file, found.source.file)


def known_names(context: Context) -> frozenset[str]:
    """The segments that the state knows, archived ones too. None if there is no state yet."""
    if context.state.startswith(_SQLITE) and not Path(context.state.removeprefix(_SQLITE)).exists():
        return frozenset()
    with looking(context) as connection:
        found = definitions.deployed(connection, archived=True)
    return frozenset(one.name for one in found.values() if one.kind == "segment")


def _unknown(loaded: Loaded, name: str, deployed: frozenset[str]) -> Refused:
    if name in deployed:
        return Refused(
            f"`{name}` is deployed, and no file declares it, so there is nothing to copy.",
            f"Its rules as YAML, for a file below segments/: segctl show {name}",
        )
    return Refused(
        f"No file declares a segment `{name}`.",
        did_you_mean(name, loaded.project.segments) or "Mistakes in files hide what they declare: segctl validate",
    )


def _text(found: Found, sources: Sequence[Source], file: str, new: str, title: str | None) -> str:
    lines = _line_breaks("\n", found.source.data.decode("utf-8-sig")).split("\n")
    copy = cloned(lines, found.root, new, title)
    if copy is None:
        raise Refused(
            f"The document in {found.source.file} is written in braces, where no line is its own.",
            "Write it in lines (`kind: Segment` and so on), and clone it then.",
        )
    page = Page(file)
    made = formatted(page, copy.encode())
    if made is None:
        personal = personal_names(sources)
        raise Mistakes(tuple(page.mistakes), lambda _: {file: masked(Source(file, copy.encode()), personal)}, 1)
    return made
