"""Options and files that the verbs of the audit log share: anchors, keys, and where things are written."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from segctl.base.errors import Refused
from segctl.cli.console import say

if TYPE_CHECKING:
    from segctl.evidence.anchor import Anchor

Anchors = Annotated[
    list[Path] | None,
    typer.Option(
        "--anchor", metavar="FILE", help="A checkpoint that was kept elsewhere; - is stdin. May be repeated."
    ),
]
PublicKey = Annotated[
    Path | None,
    typer.Option("--public-key", metavar="FILE", help="Count only checkpoints signed by this key (PEM)."),
]
Key = Annotated[
    Path | None,
    typer.Option("--key", metavar="FILE", help="Sign the checkpoint with this ed25519 key (PEM, PKCS #8)."),
]
Origin = Annotated[
    str | None,
    typer.Option(
        "--origin", metavar="NAME", help="Name of the log, e.g. example.com/segctl; its state's if left out."
    ),
]
_STDIN = Path("-")
_MOST_KEY_BYTES = 16_384


def given(chdir: Path, files: Sequence[Path]) -> tuple[list[Path], list[Anchor]]:
    """The files of anchors but stdin, and the anchor that is read from there."""
    from segctl.evidence.note import MAX_NOTE_BYTES
    from segctl.workflow.anchors import anchor

    if files.count(_STDIN) > 1:
        raise Refused("stdin is read once, and two anchors are said to be there.", "Give the other one as a file.")
    read = [anchor("stdin", sys.stdin.buffer.read(MAX_NOTE_BYTES + 1))] if _STDIN in files else []
    return [chdir / file for file in files if file != _STDIN], read


def anchors_in(chdir: Path, files: Sequence[Path]) -> list[Anchor]:
    """The anchors that were given. Raises: Refused."""
    from segctl.workflow.anchors import anchors

    paths, read = given(chdir, files)
    return [*anchors(paths), *read]


def private_key(chdir: Path, file: Path | None) -> bytes | None:
    """The key of a file, which only its owner should read. Raises: Refused."""
    from segctl.files.keys import others_may_read, read_evidence

    if file is None:
        return None
    if others_may_read(chdir / file):
        say(f"Warning: others may read the key {file}.  chmod 600 {file}")
    return read_evidence(chdir / file, _MOST_KEY_BYTES)


def public_key(chdir: Path, file: Path | None) -> bytes | None:
    """The public key of a file. Raises: Refused."""
    from segctl.files.keys import read_evidence

    return None if file is None else read_evidence(chdir / file, _MOST_KEY_BYTES)
