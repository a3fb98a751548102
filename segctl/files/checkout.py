"""A project's files as they stand in a commit, also written out for reading. Never changes git."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path

from segctl.files.project import SEGMENTS, SETTINGS
from segctl.files.revision import tree

_MOST_BYTES = 64 * 1024 * 1024


def committed_files(root: Path, commit: str) -> Mapping[str, bytes]:
    """segctl.yaml and everything below segments/ in a commit, by path. Raises: Refused.

    Links and submodules are left out: segctl reads regular files alone.
    """
    return tree(root, commit, (SETTINGS, SEGMENTS), _MOST_BYTES)


def check_out(root: Path, commit: str, folder: Path, wanted: Callable[[str, bytes], bool]) -> None:
    """Writes the files of a project in a commit that are wanted into an empty folder. Raises: Refused."""
    made: set[Path] = set()
    for name, content in committed_files(root, commit).items():
        path = folder / name
        if not wanted(name, content) or os.path.commonpath((folder, os.path.normpath(path))) != str(folder):
            continue
        if path.parent not in made:
            path.parent.mkdir(parents=True, exist_ok=True)
            made.add(path.parent)
        path.write_bytes(content)
