"""The commits that changed a file of a project. Reads only; git is given a full hash, and a name after `--`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from git.cmd import Git

# what was replaced by `git replace` is not what was committed
_GIT: Final = ("git", "--no-replace-objects", "--no-optional-locks")
_HEAD: Final = ("rev-parse", "--verify", "--quiet", "--end-of-options", "HEAD^{commit}")
_LOG: Final = ("log", "-z", "--encoding=UTF-8", "--no-show-signature", "--no-color", "--format=%H%n%ct%n%an%n%s")


@dataclass(frozen=True, slots=True)
class Committed:
    """A commit, by whom, and the first line of its message."""

    commit: str
    at: datetime
    author: str
    subject: str


@dataclass(frozen=True, slots=True)
class Commits:
    """The newest first. `shallow` says that older ones may be missing here, `edited` that the file differs."""

    commits: tuple[Committed, ...]
    shallow: bool = False
    edited: bool = False


def commits_of(root: Path, file: str, most: int) -> Commits | None:
    """Those that changed a file below `root`, through its renames. None outside a repository, and without git."""
    return _commits(root, ("--literal-pathspecs",), ("--follow",), file, most)


def commits_of_name(root: Path, folder: str, name: str, most: int) -> Commits | None:
    """Those that changed a file of that name anywhere below a folder, whether it is still there or not."""
    return _commits(root, (), (), f":(glob){folder}/**/{name}", most)


def _commits(root: Path, before: tuple[str, ...], how: tuple[str, ...], path: str, most: int) -> Commits | None:
    try:
        from git.cmd import Git  # noqa: PLC0415 - where there is no git, this fails
        from git.exc import GitError  # noqa: PLC0415
    except ImportError:
        return None
    git = Git(root)
    try:
        head = _asked(git, (), _HEAD).decode().strip()
        found = _asked(git, before, (*_LOG, *how, f"--max-count={most}", head, "--", path))
        shallow = _asked(git, (), ("rev-parse", "--is-shallow-repository")).strip() == b"true"
        edited = bool(_asked(git, before, ("status", "--porcelain", "-z", "--", path)))
    except GitError:
        return None
    return Commits(tuple(_read(found)), shallow, edited)


def _asked(git: Git, before: tuple[str, ...], question: tuple[str, ...]) -> bytes:
    """What git answers, as bytes: names and messages need not be UTF-8. Raises: GitError."""
    return git.execute([*_GIT, *before, *question], stdout_as_string=False, strip_newline_in_stdout=False)


def _read(found: bytes) -> Iterator[Committed]:
    for record in found.split(b"\0"):
        if record.strip():
            commit, seconds, author, subject = record.decode("utf-8", "replace").strip("\n").split("\n", 3)
            yield Committed(commit, datetime.fromtimestamp(int(seconds), UTC), author, subject)
