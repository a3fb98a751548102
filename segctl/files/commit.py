"""The commit that a project stands on. Asks git itself, whose answer comes sooner than a library's. Reads only."""

from __future__ import annotations

import subprocess
from pathlib import Path

from segctl.base.commit import Commit

_FILES = ("segctl.yaml", "segments")
_HEAD = ("log", "-1", "--no-show-signature", "--format=%H%n%an")
_STATUS = ("--no-optional-locks", "status", "--porcelain=v2", "--branch", "--", *_FILES)
_BRANCH = "# branch.head "
_DETACHED = "(detached)"


def commit_of(root: Path) -> Commit | None:
    """The commit below a project and whether its files differ from it.

    None outside a repository, in one without a commit or that git does not read, and where there is no git.
    """
    try:
        both = [_asked(root, _HEAD), _asked(root, _STATUS)]  # at the same time
    except OSError:
        return None
    head, status = (_answer(one) for one in both)
    if head is None or status is None:
        return None
    commit, author, *_ = head.split("\n")
    lines = status.split("\n")
    branch = next((line.removeprefix(_BRANCH) for line in lines if line.startswith(_BRANCH)), _DETACHED)
    dirty = any(line and not line.startswith("#") for line in lines)
    return Commit(commit, dirty, None if branch == _DETACHED else branch, author)


def _asked(root: Path, question: tuple[str, ...]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(  # noqa: S603 - fixed words
        ("git", "-C", str(root), *question),  # noqa: S607 - git is where the user has it
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )


def _answer(asked: subprocess.Popen[bytes]) -> str | None:
    out, _ = asked.communicate()
    return out.decode("utf-8", "replace") if asked.returncode == 0 else None
