"""Files as they stand in a commit. Reads only, and gives git nothing but full hashes and names after `--`."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from segctl.base.errors import Refused
from segctl.files.answer import answer

# what was replaced by `git replace` is not what was committed
_COMMITTED: Final = "--no-replace-objects"
_REGULAR: Final = ("100644", "100755")


def revision(root: Path, ref: str) -> str:
    """The full hash of the commit that a ref names. Raises: Refused."""
    said = _git(root, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{ref}^{{commit}}")
    commit = "" if said is None else said.decode("ascii", "replace").strip()
    if not commit:
        raise Refused(
            f"git knows no commit `{ref}` in {root}.", "Fetch it first: git fetch", "Or name another ref."
        )
    return commit


def files_below(root: Path, commit: str, folder: str, suffix: str, most: int) -> Mapping[str, bytes]:
    """The regular files of a folder of the project, by name; empty if there is none. Raises: Refused."""
    return _files(root, commit, (f"{folder}/",), suffix, most)


def tree(root: Path, commit: str, names: tuple[str, ...], most: int) -> Mapping[str, bytes]:
    """The regular files of a commit with these names or below them, by their path from `root`. Raises: Refused."""
    return _files(root, commit, names, "", most, deep=True)


def file_at(root: Path, commit: str, path: Path, most: int) -> bytes:
    """One file as it was committed. Raises: Refused."""
    name = os.path.relpath(path.absolute(), root.absolute())
    found = _files(root, commit, (Path(name).as_posix(),), "", most)
    if len(found) != 1:
        raise Refused(f"{path} is no file of the commit {commit[:12]}.", "Check the name, or name another ref.")
    return next(iter(found.values()))


def _files(
    root: Path, commit: str, names: tuple[str, ...], suffix: str, most: int, *, deep: bool = False
) -> dict[str, bytes]:
    listed = _git(root, "ls-tree", "-z", "--long", *(("-r",) if deep else ()), commit, "--", *names)
    if listed is None:
        raise Refused(f"git cannot look into the commit {commit[:12]}.", "Fetch it whole: git fetch --unshallow")
    found = [line.split("\t", 1) for line in os.fsdecode(listed).split("\0") if line]
    kept: dict[str, str] = {}
    for about, path in found:
        mode, _, identity, size = about.split()
        if mode not in _REGULAR or not path.endswith(suffix):
            continue
        if int(size) > most:
            raise Refused(f"{path} has {int(size):,} bytes in the commit {commit[:12]}, and may have {most:,}.")
        kept[path] = identity
    return dict(zip(kept, _contents(root, list(kept.values())), strict=True))


def _contents(root: Path, identities: list[str]) -> list[bytes]:
    """What the blobs hold, from one process. Raises: Refused."""
    if not identities:
        return []
    said = _git(root, "cat-file", "--batch", asked="".join(f"{one}\n" for one in identities).encode()) or b""
    contents, at = [], 0
    for identity in identities:
        about = said[at : max(said.find(b"\n", at), at)]
        if not about.startswith(f"{identity} blob ".encode()):
            raise Refused(f"git has not the whole of {identity[:12]}.", "Fetch it: git fetch --refetch")
        size = int(about.split()[2])
        begins = at + len(about) + 1
        contents.append(said[begins : begins + size])
        at = begins + size + 1
    return contents


def _git(root: Path, *arguments: str, asked: bytes = b"") -> bytes | None:
    """What git says; None if it fails. Raises: Refused, without git."""
    try:
        code, said = answer(root, _COMMITTED, *arguments, asked=asked)
    except OSError as error:
        raise Refused("git cannot be started, and this needs it.", "Install git.") from error
    return said if code == 0 else None
