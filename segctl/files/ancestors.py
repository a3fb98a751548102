"""Is a commit a part of the history at hand? Reads only."""

from __future__ import annotations

from pathlib import Path

from segctl.files.answer import answer


def is_behind(root: Path, commit: str) -> bool:
    """Is it HEAD, or an ancestor of it? True where git cannot tell, as in a shallow clone of later commits."""
    if not commit.isalnum():
        return True
    try:
        code, _ = answer(root, "merge-base", "--is-ancestor", commit, "HEAD")
        if code in (0, 1):
            return code == 0
        _, shallow = answer(root, "rev-parse", "--is-shallow-repository")
    except OSError:
        return True
    return shallow.strip() != b"false"  # a whole clone has never heard of it
