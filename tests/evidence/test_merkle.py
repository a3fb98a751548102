"""The Merkle tree: known roots, and every proof of every small tree, right and spoiled."""

from __future__ import annotations

from hashlib import sha256

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from segctl.evidence.merkle import (
    EMPTY_ROOT,
    consistency_proof,
    inclusion_proof,
    is_consistent,
    is_included,
    leaf_hash,
    node_hash,
    tree_root,
)

# The entries, and the roots of their first 0 to 8, that implementations of RFC 6962 share as a test.
ENTRIES = [
    "",
    "00",
    "10",
    "2021",
    "3031",
    "40414243",
    "5051525354555657",
    "606162636465666768696a6b6c6d6e6f",
]
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
MOST = 24
LEAVES = [leaf_hash(number.to_bytes()) for number in range(MOST)]
OTHER = leaf_hash(b"other")
SIZES = range(1, MOST + 1)


def spoiled(proof: list[bytes]) -> list[list[bytes]]:
    """The proof with each part changed, left out, doubled, shortened, or with one more at either end."""
    changed = [[*proof[:at], bytes([one[0] ^ 1, *one[1:]]), *proof[at + 1 :]] for at, one in enumerate(proof)]
    missing = [[*proof[:at], *proof[at + 1 :]] for at in range(len(proof))]
    doubled = [[*proof[:at], one, *proof[at:]] for at, one in enumerate(proof)]
    shorter = [[*proof[:at], one[:-1], *proof[at + 1 :]] for at, one in enumerate(proof)]
    return [*changed, *missing, *doubled, *shorter, [OTHER, *proof], [*proof, OTHER]]


@pytest.mark.parametrize("size", range(9))
def test_known_roots(size: int) -> None:
    leaves = [leaf_hash(bytes.fromhex(entry)) for entry in ENTRIES[:size]]

    assert tree_root(leaves).hex() == ROOTS[size]


def test_entries_and_nodes_are_hashed_apart() -> None:
    assert leaf_hash(b"ab") == sha256(b"\x00ab").digest()
    assert node_hash(b"a", b"b") == sha256(b"\x01ab").digest()
    assert tree_root([]) == EMPTY_ROOT == sha256().digest()


@pytest.mark.parametrize("size", SIZES)
def test_every_leaf_is_shown_to_be_included(size: int) -> None:
    root = tree_root(LEAVES[:size])
    proofs = [inclusion_proof(LEAVES, index, size) for index in range(size)]

    assert all(is_included(LEAVES[index], index, size, proof, root) for index, proof in enumerate(proofs))
    assert max(len(proof) for proof in proofs) == (size - 1).bit_length()


@pytest.mark.parametrize("size", SIZES)
def test_no_other_leaf_place_root_or_path_is_taken(size: int) -> None:
    root = tree_root(LEAVES[:size])
    for index in range(size):
        proof = inclusion_proof(LEAVES, index, size)

        assert not is_included(OTHER, index, size, proof, root)
        assert not is_included(LEAVES[index], index, size, proof, OTHER)
        assert not any(
            is_included(LEAVES[index], at, size, proof, root) for at in range(-1, size + 1) if at != index
        )
        assert not any(is_included(LEAVES[index], index, size, one, root) for one in spoiled(proof))


@pytest.mark.parametrize("new", SIZES)
def test_every_tree_is_shown_to_be_the_start_of_a_later_one(new: int) -> None:
    root = tree_root(LEAVES[:new])

    assert all(
        is_consistent(old, new, tree_root(LEAVES[:old]), root, consistency_proof(LEAVES, old, new))
        for old in range(1, new + 1)
    )


@pytest.mark.parametrize("new", SIZES)
def test_no_other_start_end_or_path_is_taken(new: int) -> None:
    root = tree_root(LEAVES[:new])
    for old in range(1, new + 1):
        start, proof = tree_root(LEAVES[:old]), consistency_proof(LEAVES, old, new)

        assert not is_consistent(old, new, OTHER, root, proof)
        assert not is_consistent(old, new, start, OTHER, proof)
        assert not any(is_consistent(old, new, start, root, one) for one in spoiled(proof))
        assert not any(
            is_consistent(other, new, start, root, proof) for other in range(-1, new + 2) if other != old
        )


def test_nothing_shows_that_an_empty_tree_was_the_start() -> None:
    assert not is_consistent(0, 3, EMPTY_ROOT, tree_root(LEAVES[:3]), [])
    assert not is_consistent(0, 0, EMPTY_ROOT, EMPTY_ROOT, [])


@settings(max_examples=25)
@given(st.integers(1, 2_000), st.data())
def test_larger_trees(size: int, data: st.DataObject) -> None:
    leaves = [sha256(number.to_bytes(2)).digest() for number in range(size)]
    index, old = data.draw(st.integers(0, size - 1)), data.draw(st.integers(1, size))
    root = tree_root(leaves)
    path, start = inclusion_proof(iter(leaves), index, size), consistency_proof(iter(leaves), old, size)

    assert is_included(leaves[index], index, size, path, root)
    assert is_consistent(old, size, tree_root(leaves[:old]), root, start)
    assert not any(is_included(leaves[index], index, size, one, root) for one in spoiled(path))
    assert not any(is_consistent(old, size, tree_root(leaves[:old]), root, one) for one in spoiled(start))
