"""Files that a verb writes beside the author's own: free names, free places, and the document of a name."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from segctl.base.errors import Refused
from segctl.base.source import Source
from segctl.files.project import SEGMENTS
from segctl.spec.node import Mapping, text
from segctl.spec.page import Page
from segctl.spec.yaml import documents
from segctl.workflow.load import Loaded

_name = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*").fullmatch
_LONGEST_NAME = 63
_SUFFIXES = (".yaml", ".yml")


@dataclass(frozen=True, slots=True)
class Found:
    """A document and the file it stands in."""

    source: Source
    root: Mapping


def check_name(new: str) -> None:
    """Raises: Refused, for what cannot be the name of an object."""
    if _name(new) is None or len(new) > _LONGEST_NAME:
        raise Refused(
            f"`{new}` cannot be a name.",
            "A name has lower-case letters and digits, in words joined by single hyphens: vip-weekend.",
            f"It has at most {_LONGEST_NAME} characters.",
        )


def document_of(loaded: Loaded, name: str, kind: str = "Segment") -> Found | None:
    """The document that declares an object, whatever mistakes stand in it."""
    for source in loaded.sources:
        if name.encode() in source.data:
            for root in documents(Page(source.file), source.data):
                if type(root) is Mapping and (text(root, "kind"), text(root, "name")) == (kind, name):
                    return Found(source, root)
    return None


def check_free(root: Path, file: str) -> None:
    """Raises: Refused, if a file stands there, or one that some systems could not tell from it."""
    folder = (root / file).parent
    entries = folder.iterdir() if folder.is_dir() else ()
    names = {entry.name.casefold(): entry.name for entry in entries}
    standing = names.get(Path(file).name.casefold())
    if standing is not None:
        there = PurePosixPath(file).with_name(standing)
        raise Refused(f"{there} exists already; nothing was written.", "Move it away, or choose another name.")


def place_of(root: Path, wanted: Path) -> str:
    """A path on the command line as the name of a document. Raises: Refused, if it can be none."""
    name = Path(os.path.relpath(wanted.absolute(), root.absolute())).as_posix()
    steps = name.split("/")
    if (
        steps[0] != SEGMENTS
        or len(steps) < 2
        or not name.endswith(_SUFFIXES)
        or any(one[:1] == "." for one in steps)
    ):
        raise Refused(
            f"{wanted} is no place for a document.",
            f"Documents end with .yaml and lie below {root / SEGMENTS}: -o {SEGMENTS}/back.yaml",
        )
    return name
