"""Checkpoints that were kept elsewhere: read from files, or from a commit of git."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from segctl.base.errors import Refused
from segctl.evidence.anchor import Anchor
from segctl.evidence.checkpoint import checkpoint_of
from segctl.evidence.ed25519 import is_signed
from segctl.evidence.note import MAX_NOTE_BYTES, read_note
from segctl.files.keys import read_evidence
from segctl.files.revision import file_at, files_below, revision

SUFFIX: Final = ".checkpoint"


def folder_of(environment: str) -> str:
    """The folder of a project where the checkpoints of an environment are kept in git."""
    return f"audit/{environment}"


def anchors(files: Sequence[Path]) -> list[Anchor]:
    """The checkpoints in these files. Raises: Refused."""
    return [anchor(str(file), read_evidence(file, MAX_NOTE_BYTES)) for file in files]


def earlier(target: Path) -> list[Anchor]:
    """The checkpoints that stand where a new one will be written, a file or a folder. Raises: Refused."""
    if target.is_dir():
        return anchors(sorted(target.glob(f"*{SUFFIX}")))
    return anchors([target] if target.is_file() else [])


def committed(root: Path, environment: str, ref: str, files: Sequence[Path]) -> tuple[str, list[Anchor]]:
    """The commit that a ref names, and the checkpoints in it: in these files, or all of the environment's.

    Raises: Refused.
    """
    commit = revision(root, ref)
    if files:
        said = {str(file): file_at(root, commit, file, MAX_NOTE_BYTES) for file in files}
    else:
        said = dict(files_below(root, commit, folder_of(environment), SUFFIX, MAX_NOTE_BYTES))
    return commit, [anchor(f"{commit[:12]}:{name}", data) for name, data in said.items()]


def anchor(name: str, data: bytes) -> Anchor:
    """One checkpoint. Raises: Refused, if it is none."""
    try:
        note = read_note(data)
        return Anchor(name, note, checkpoint_of(note))
    except ValueError as error:
        raise Refused(
            f"{name} is not a checkpoint: {error}.", "Make one: segctl audit checkpoint -o FILE"
        ) from error


def signed_by(one: Anchor, public: bytes | None) -> bool:
    """Has the key, in PEM, signed it under its own name? Yes without a key. Raises: Refused, for a bad one."""
    if public is None:
        return True
    try:
        return is_signed(one.note, public, one.checkpoint.origin)
    except ValueError as error:
        raise Refused(
            f"The public key cannot be used: {error}.", "Of a private one:  openssl pkey -in FILE -pubout"
        ) from error
