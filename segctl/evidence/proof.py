"""A proof that one row stands in the audit log at a checkpoint, as JSON. Checked without database and project."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from segctl.evidence.anchor import Anchor
from segctl.evidence.checkpoint import Checkpoint, checkpoint_of
from segctl.evidence.merkle import is_included
from segctl.evidence.note import Note, base64_bytes, note_text, read_note
from segctl.evidence.row import leaf_of, once, row_hash, row_of

FORMAT_VERSION: Final = 1
MAX_PROOF_BYTES: Final = 1_048_576
_KEYS: Final = {"format_version", "row", "inclusion", "checkpoint"}
_MOST_HASHES: Final = 64


@dataclass(frozen=True, slots=True)
class Proof:
    """A row without its hash, the path from it to the root, and the checkpoint with that root."""

    row: Mapping[str, Any]
    inclusion: tuple[bytes, ...]
    note: Note
    checkpoint: Checkpoint

    @property
    def index(self) -> int:
        """The row's place in the tree, counted from 0."""
        return int(self.row["seq"]) - 1


def proof_data(proof: Proof) -> dict[str, Any]:
    """The document."""
    return {
        "format_version": FORMAT_VERSION,
        "row": dict(proof.row),
        "inclusion": [b64encode(one).decode() for one in proof.inclusion],
        "checkpoint": note_text(proof.note),
    }


def read_proof(data: bytes) -> Proof:
    """A proof from its file. Raises: ValueError, with what is wrong with it."""
    if len(data) > MAX_PROOF_BYTES:
        raise ValueError(f"it has more than {MAX_PROOF_BYTES:,} bytes")
    found = _document(data)
    version = found.get("format_version")
    if version != FORMAT_VERSION:
        raise ValueError(f"its format_version is {version!r}; this segctl reads {FORMAT_VERSION}")
    if set(found) != _KEYS:
        raise ValueError(f"a proof has the keys {', '.join(sorted(_KEYS))}")
    path, text = found["inclusion"], found["checkpoint"]
    if not isinstance(path, list) or len(path) > _MOST_HASHES or not all(isinstance(one, str) for one in path):
        raise ValueError("`inclusion` is not a list of hashes")
    if not isinstance(text, str):
        raise ValueError("`checkpoint` is not a text")  # noqa: TRY004 - a wrong file, not a wrong type
    note = read_note(text.encode())
    inclusion = tuple(base64_bytes(one) for one in path)
    return Proof(row_of(found["row"]), inclusion, note, checkpoint_of(note))


def holds(proof: Proof) -> bool:
    """Does the path lead from this very row to the root of the checkpoint?"""
    leaf = leaf_of(row_hash(proof.row))
    return is_included(leaf, proof.index, proof.checkpoint.size, proof.inclusion, proof.checkpoint.root)


def agrees(proof: Proof, anchor: Anchor) -> bool:
    """Has the anchor, of the same size, the root of the proof's checkpoint? Then it is of the same rows."""
    return anchor.checkpoint.root == proof.checkpoint.root


def _document(data: bytes) -> dict[str, Any]:
    try:
        found = json.loads(data.decode("utf-8"), object_pairs_hook=once)
    except RecursionError:
        raise ValueError("it is nested too deeply") from None
    if not isinstance(found, dict):
        raise ValueError("it is not a JSON object")  # noqa: TRY004 - a wrong file, not a wrong type
    return found
