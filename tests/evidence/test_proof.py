"""Proofs of rows: what was written is read and holds, and nothing else does."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from segctl.evidence.anchor import Anchor
from segctl.evidence.checkpoint import Checkpoint, checkpoint_text
from segctl.evidence.merkle import inclusion_proof, leaf_hash, tree_root
from segctl.evidence.note import Note
from segctl.evidence.proof import Proof, agrees, holds, proof_data, read_proof
from segctl.evidence.row import SEALED, leaf_of, row_hash
from segctl.store.tables import AUDIT
from segctl.workflow.exported import Exported

ROW: dict[str, Any] = {
    "seq": 4,
    "at": "2026-11-22T01:31:04.000000Z",
    "serial": 2,
    "action": "update",
    "address": "segment.vip",
    "actor": '{"author":"Ann Ünal"}',
    "before": "aa",
    "after": "bb",
    "plan_id": None,
    "commit_id": None,
    "detail": "{}",
    "previous": "0" * 64,
}
SIZE = 11


def made() -> Proof:
    leaves = [leaf_hash(bytes([number])) for number in range(SIZE)]
    leaves[3] = leaf_of(row_hash(ROW))
    at = Checkpoint("example.com/log", SIZE, tree_root(leaves))
    return Proof(ROW, tuple(inclusion_proof(leaves, 3, SIZE)), Note(checkpoint_text(at)), at)


def written(**changed: Any) -> bytes:
    return json.dumps({**proof_data(made()), **changed}).encode()


def test_a_proof_comes_back_as_it_went_and_holds() -> None:
    proof = read_proof(written())

    assert proof == made()
    assert holds(proof)


@pytest.mark.parametrize("field", SEALED)
def test_no_other_row_is_proven(field: str) -> None:
    value = ROW[field]
    other = value + 1 if isinstance(value, int) else f"{value}x"

    assert not holds(replace(made(), row={**ROW, field: other}))


def test_no_other_path_root_or_size_is_proven() -> None:
    proof = made()

    assert not holds(replace(proof, inclusion=proof.inclusion[:-1]))
    assert not holds(replace(proof, inclusion=proof.inclusion[::-1]))
    assert not holds(replace(proof, checkpoint=replace(proof.checkpoint, root=leaf_hash(b""))))
    # a path says how deep it is and on which sides: that is the same in some trees, and not in this one
    assert not holds(replace(proof, checkpoint=replace(proof.checkpoint, size=4)))


def test_an_anchor_agrees_by_its_root() -> None:
    proof = made()
    named = replace(proof.checkpoint, origin="another name")
    forged = replace(proof.checkpoint, root=leaf_hash(b""))

    assert agrees(proof, Anchor("kept", Note(checkpoint_text(named)), named))
    assert not agrees(proof, Anchor("kept", Note(checkpoint_text(forged)), forged))


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", None),
        (b"[]", "not a JSON object"),
        (b"[" * 100_000, None),
        (b'{"format_version": 1, "format_version": 1}', "stands twice"),
        (written(format_version=2), "format_version"),
        (written(more=1), "has the keys"),
        (written(inclusion="AAAA"), "not a list of hashes"),
        (written(inclusion=[1]), "not a list of hashes"),
        (written(inclusion=["A"]), None),
        (written(inclusion=["AAAA"] * 65), "not a list of hashes"),
        (written(checkpoint=1), "not a text"),
        (written(checkpoint="a\n"), "a line each"),
        (written(row=None), "has the fields"),
        (written(row={**ROW, "hash": "x"}), "has the fields"),
        (written(row={**ROW, "seq": "4"}), "seq is not a number"),
        (written(row={**ROW, "seq": True}), "seq is not a number"),
        (written(row={**ROW, "seq": 4.0}), "seq is not a number"),
        (written(row={**ROW, "actor": {}}), "actor is not a text"),
        (written(row={**ROW, "detail": "\ud800"}), "surrogates"),
        (b" " * 1_048_577, "more than"),
    ],
)
def test_what_is_no_proof_is_told(data: bytes, said: str | None) -> None:
    with pytest.raises(ValueError, match=said):
        read_proof(data)


def test_a_row_has_the_columns_of_the_log() -> None:
    assert (*SEALED, "hash") == tuple(column.name for column in AUDIT.c) == Exported._fields


@pytest.mark.parametrize("spoiled", [None, "", b"\xff", "Z" * 64, "0" * 63, 4])
def test_what_is_no_hash_has_a_leaf_of_its_own(spoiled: Any) -> None:
    assert leaf_of(spoiled) == leaf_hash(b"")
    assert leaf_of("0" * 64) == leaf_hash(bytes(32))
