"""A project's files as they stand in a commit, written out beside the real ones for reading. Never changes git."""

from __future__ import annotations

import os
from pathlib import Path

from segctl.files.project import SEGMENTS, SETTINGS
from segctl.files.revision import tree

_MOST_BYTES = 64 * 1024 * 1024


def check_out(root: Path, commit: str, folder: Path) -> None:
    """Writes segctl.yaml and everything below segments/ of a commit into an empty folder. Raises: Refused.

    Links and submodules are left out: segctl reads regular files alone.
    """
    for name, content in tree(root, commit, (SETTINGS, SEGMENTS), _MOST_BYTES).items():
        path = folder / name
        if os.path.commonpath((folder, os.path.normpath(path))) != str(folder):
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
