"""Is a commit a part of the history at hand? Reads only."""

from __future__ import annotations

import subprocess
from pathlib import Path


def is_behind(root: Path, commit: str) -> bool:
    """Is it HEAD, or an ancestor of it? True where git cannot tell, as in a shallow clone of later commits."""
    if not commit.isalnum():
        return True
    code, _ = _git(root, "merge-base", "--is-ancestor", commit, "HEAD")
    if code in (0, 1):
        return code == 0
    _, shallow = _git(root, "rev-parse", "--is-shallow-repository")
    return shallow != b"false"  # a whole clone has never heard of it


def _git(root: Path, *arguments: str) -> tuple[int, bytes]:
    try:
        done = subprocess.run(  # noqa: S603 - words of ours and a hash
            ("git", "-C", str(root), *arguments),  # noqa: S607 - git is where the user has it
            capture_output=True,
            check=False,
        )
    except OSError:
        return -1, b""
    return done.returncode, done.stdout.strip()
