"""Copies a segment of the files into a draft of its own, beside it. The state is only asked what is deployed."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from segctl.base.errors import Mistakes, Refused
from segctl.base.source import Source
from segctl.files.atomic import write_text
from segctl.spec.form.clone import cloned, segments_of
from segctl.spec.form.formatted import formatted
from segctl.spec.masked import masked, personal_names
from segctl.spec.node import Mapping, text
from segctl.spec.page import Page
from segctl.spec.suggest import did_you_mean
from segctl.store import definitions
from segctl.workflow.context import Context
from segctl.workflow.load import Loaded
from segctl.workflow.state import looking

_name = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*").fullmatch
_LONGEST_NAME = 63
_line_breaks = re.compile(r"\r\n?").sub
_SQLITE = "sqlite:///"


@dataclass(frozen=True, slots=True)
class Draft:
    """The file that was written, and the one that it was copied from."""

    file: str
    source: str


@dataclass(frozen=True, slots=True)
class _Found:
    source: Source
    root: Mapping


def clone(loaded: Loaded, name: str, new: str, title: str | None, deployed: Callable[[], frozenset[str]]) -> Draft:
    """Writes the draft. `deployed` gives the names that the state knows. Raises: Refused, Mistakes."""
    _check_name(new)
    found = _found(loaded, name)
    if found is None:
        raise _unknown(loaded, name, deployed())
    taken = _found(loaded, new)
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
    _check_free(loaded.root, file)
    write_text(loaded.root / file, _text(found, loaded.sources, file, new, title))
    return Draft(file, found.source.file)


def known_names(context: Context) -> frozenset[str]:
    """The segments that the state knows, archived ones too. None if there is no state yet."""
    if context.state.startswith(_SQLITE) and not Path(context.state.removeprefix(_SQLITE)).exists():
        return frozenset()
    with looking(context) as connection:
        found = definitions.deployed(connection, archived=True)
    return frozenset(one.name for one in found.values() if one.kind == "segment")


def _check_name(new: str) -> None:
    if _name(new) is None or len(new) > _LONGEST_NAME:
        raise Refused(
            f"`{new}` cannot be a name.",
            "A name has lower-case letters and digits, in words joined by single hyphens: vip-weekend.",
            f"It has at most {_LONGEST_NAME} characters.",
        )


def _found(loaded: Loaded, name: str) -> _Found | None:
    """The document that declares a segment, whatever mistakes stand in it."""
    for source in loaded.sources:
        if name.encode() in source.data:
            for root in segments_of(Page(source.file), source.data):
                if text(root, "name") == name:
                    return _Found(source, root)
    return None


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


def _check_free(root: Path, file: str) -> None:
    folder = (root / file).parent
    names = {entry.name.casefold(): entry.name for entry in folder.iterdir()}
    standing = names.get(Path(file).name.casefold())
    if standing is not None:
        there = PurePosixPath(file).with_name(standing)
        raise Refused(f"{there} exists already; nothing was written.", "Move it away, or choose another name.")


def _text(found: _Found, sources: Sequence[Source], file: str, new: str, title: str | None) -> str:
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
