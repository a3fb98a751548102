"""The shipped library of segments, copied into a project of the user's."""

from __future__ import annotations

import shutil
from pathlib import Path

from segctl.base.errors import Refused
from segctl.files.project import SEGMENTS, SETTINGS
from segctl.files.shipped import schema

_PACKAGE = Path(__file__).resolve().parent.parent


def copy_library(folder: Path) -> Path:
    """A project in `folder` with the shipped segments; one that was copied before is used again.

    Raises: Refused, when the folder holds something else.
    """
    if (folder / SETTINGS).is_file():
        return folder
    if folder.exists():
        raise Refused(f"{folder} exists and is not a segctl project.", "Move it away, or go to another folder.")
    source = _source()
    part = folder.with_name(f".{folder.name}.part")
    shutil.rmtree(part, ignore_errors=True)
    shutil.copytree(source / SEGMENTS, part / SEGMENTS)
    shutil.copy(source / SETTINGS, part / SETTINGS)
    (part / "schemas").mkdir()
    # editors look for it beside the file that it describes
    (part / "schemas" / "settings.v1.json").write_text(schema("settings"), encoding="utf-8")
    (part / ".gitignore").write_text(".segctl/\n", encoding="utf-8")
    part.replace(folder)
    return folder


def _source() -> Path:
    """Where the library lies: in an installed package beside the code, in a checkout at the root."""
    for folder in (_PACKAGE / "library", _PACKAGE.parent):
        if (folder / SEGMENTS / "catalog.yaml").is_file():
            return folder
    message = "the segment library is missing from the installation"
    raise FileNotFoundError(message)
