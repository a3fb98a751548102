"""Merkle proofs that another project wrote, right and wrong ones: each is judged as they judge it."""

from __future__ import annotations

import json
from base64 import b64decode
from pathlib import Path
from typing import Any

import pytest

from segctl.evidence.merkle import is_consistent, is_included
from tests.peers.lines import shared

FOLDER = shared("vectors/merkle/testdata")
VERDICTS = 196

needs_vectors = pytest.mark.skipif(
    FOLDER is None, reason="the Merkle vectors are not here: no folder shared/vectors beside the repository"
)


def files() -> list[Path]:
    return [] if FOLDER is None else sorted(FOLDER.rglob("*.json"))


def verdict(case: dict[str, Any]) -> bool:
    proof = [b64decode(one) for one in case["proof"] or []]
    if "leafIdx" in case:
        leaf, root = b64decode(case["leafHash"]), b64decode(case["root"])
        return is_included(leaf, case["leafIdx"], case["treeSize"], proof, root)
    roots = b64decode(case["root1"]), b64decode(case["root2"])
    return is_consistent(case["size1"], case["size2"], *roots, proof)


@needs_vectors
def test_all_verdicts_are_equal() -> None:
    cases = {path: json.loads(path.read_text()) for path in files()}

    assert [str(path) for path, case in cases.items() if verdict(case) is case["wantErr"]] == []
    assert len(cases) == VERDICTS
    assert {case["wantErr"] for case in cases.values()} == {True, False}
