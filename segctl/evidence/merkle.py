"""The Merkle tree of RFC 6962 (and RFC 9162) over SHA-256: roots, proofs, and what a proof shows.

Leaves are streamed: a root needs the peaks of its tree, one hash for each bit of the size, and a proof one read of
the leaves. Plain bytes: no rows, no files.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from functools import reduce
from typing import Final

EMPTY_ROOT: Final = hashlib.sha256().digest()


def leaf_hash(data: bytes) -> bytes:
    """The hash of an entry (RFC 9162, section 2.1.1)."""
    return hashlib.sha256(b"\0" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of two subtrees. Its prefix keeps a node from being taken for an entry."""
    return hashlib.sha256(b"\1" + left + right).digest()


def add_leaf(peaks: list[bytes], size: int, leaf: bytes) -> None:
    """Grows the peaks of a tree of `size` leaves by one: the roots of its perfect subtrees, the largest first."""
    while size & 1:
        leaf = node_hash(peaks.pop(), leaf)
        size >>= 1
    peaks.append(leaf)


def root_of(peaks: Sequence[bytes]) -> bytes:
    """The root of the tree with these peaks."""
    if not peaks:
        return EMPTY_ROOT
    return reduce(lambda right, left: node_hash(left, right), reversed(peaks))


def tree_root(leaves: Iterable[bytes]) -> bytes:
    """The root over leaf hashes."""
    peaks: list[bytes] = []
    for size, leaf in enumerate(leaves):
        add_leaf(peaks, size, leaf)
    return root_of(peaks)


def inclusion_proof(leaves: Iterable[bytes], index: int, size: int) -> list[bytes]:
    """The path from one leaf to the root of the first `size` leaves (RFC 9162, section 2.1.3.1)."""
    return _subtree_roots(leaves, list(_beside(index, 0, size)))


def consistency_proof(leaves: Iterable[bytes], old: int, new: int) -> list[bytes]:
    """What shows that the tree of `old` leaves is the start of that of `new` (RFC 9162, section 2.1.4.1)."""
    return _subtree_roots(leaves, list(_between(old, 0, new, known=True)))


def is_included(leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> bool:
    """Does the path lead from the leaf to the root (RFC 9162, section 2.1.3.2)?"""
    if not 0 <= index < size or not _are_hashes([leaf, *proof]):
        return False
    position, last = index, size - 1
    for sibling in proof:
        if last == 0:
            return False
        if position & 1 or position == last:
            leaf = node_hash(sibling, leaf)
            position, last = _up_to_a_right_child(position, last)
        else:
            leaf = node_hash(leaf, sibling)
        position, last = position >> 1, last >> 1
    return last == 0 and leaf == root


def is_consistent(old: int, new: int, old_root: bytes, new_root: bytes, proof: Sequence[bytes]) -> bool:
    """Is the old tree the start of the new one (RFC 9162, section 2.1.4.2)? Nothing shows it of an empty tree."""
    if not 0 < old <= new:
        return False
    if old == new:
        return not proof and old_root == new_root
    path = [old_root, *proof] if old & (old - 1) == 0 else list(proof)
    if not path or not _are_hashes(path):
        return False
    position, last = old - 1, new - 1
    while position & 1:
        position, last = position >> 1, last >> 1
    was = becomes = path[0]
    for sibling in path[1:]:
        if last == 0:
            return False
        if position & 1 or position == last:
            was, becomes = node_hash(sibling, was), node_hash(sibling, becomes)
            position, last = _up_to_a_right_child(position, last)
        else:
            becomes = node_hash(becomes, sibling)
        position, last = position >> 1, last >> 1
    return last == 0 and was == old_root and becomes == new_root


def _are_hashes(values: Iterable[bytes]) -> bool:
    """Two values of other lengths could be cut apart in another place and hash to the same node."""
    return all(len(one) == len(EMPTY_ROOT) for one in values)


def _up_to_a_right_child(position: int, last: int) -> tuple[int, int]:
    """Past the levels at which a subtree has no sibling yet."""
    while position and not position & 1:
        position, last = position >> 1, last >> 1
    return position, last


def _beside(index: int, start: int, end: int) -> Iterator[range]:
    """The subtrees beside the way from the root to a leaf, from the leaf upwards."""
    if end - start == 1:
        return
    split = start + _split(end - start)
    if index < split:
        yield from _beside(index, start, split)
        yield range(split, end)
    else:
        yield from _beside(index, split, end)
        yield range(start, split)


def _between(old: int, start: int, end: int, *, known: bool) -> Iterator[range]:
    """The subtrees of SUBPROOF; `known` says that the old tree begins with this subtree."""
    if old == end:
        if not known:
            yield range(start, end)
        return
    split = start + _split(end - start)
    if old <= split:
        yield from _between(old, start, split, known=known)
        yield range(split, end)
    else:
        yield from _between(old, split, end, known=False)
        yield range(start, split)


def _split(size: int) -> int:
    """The largest power of two below a size of two or more: what stands on the left."""
    return 1 << (size - 1).bit_length() - 1


def _subtree_roots(leaves: Iterable[bytes], ranges: Sequence[range]) -> list[bytes]:
    """The root of each stretch of leaves, in the order given. No two stretches overlap, so one read does."""
    ordered = iter(sorted(ranges, key=lambda one: one.start))
    roots: dict[range, bytes] = {}
    within = next(ordered, None)
    peaks: list[bytes] = []
    for position, leaf in enumerate(leaves):
        if within is None:
            break
        if position not in within:
            continue
        add_leaf(peaks, position - within.start, leaf)
        if position == within.stop - 1:
            roots[within] = root_of(peaks)
            within, peaks = next(ordered, None), []
    return [roots[one] for one in ranges]
