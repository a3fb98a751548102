"""Who made the present files what they are, as far as git tells. Reads only."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from segctl.files.answer import answer

# more files than these are asked for together, which tells of older commits too
_ONE_BY_ONE = 50
_MOST_COMMITS = "500"


def authors_of(root: Path, files: Iterable[str], against: str | None) -> frozenset[str]:
    """The e-mail addresses of the authors of these files: of all commits since `against`, or the last of each.

    Who has edits that are not committed is an author too. Empty without git.
    """
    names = sorted(set(files))
    if not names:
        return frozenset()
    if against is not None:
        found = _git(root, "log", "--no-merges", "--format=%ae", f"{against}..HEAD", "--", *names)
    elif len(names) > _ONE_BY_ONE:
        found = _git(root, "log", "--no-merges", "--format=%ae", "-n", _MOST_COMMITS, "--", *names)
    else:
        found = "\n".join(_git(root, "log", "--no-merges", "--format=%ae", "-1", "--", name) for name in names)
    if _git(root, "status", "--porcelain", "--", *names):
        found += "\n" + _git(root, "config", "user.email")
    return frozenset(line.strip().casefold() for line in found.splitlines() if line.strip())


def _git(root: Path, *arguments: str) -> str:
    try:
        code, said = answer(root, "--literal-pathspecs", *arguments)
    except OSError:
        return ""
    return said.decode("utf-8", "replace") if code == 0 else ""
