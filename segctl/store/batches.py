"""Keys in groups small enough to be bound in one statement on any dialect."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Final

_SIZE: Final = 500


def in_batches(keys: Iterable[int], size: int = _SIZE) -> Iterator[list[int]]:
    """The keys in their order; none gives nothing."""
    left = iter(keys)
    while batch := list(islice(left, size)):
        yield batch
