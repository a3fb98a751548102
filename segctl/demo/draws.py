"""Random draws the demo's generators share. Pure given the generator: no tables, no clock."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Codes = NDArray[np.signedinteger[Any]]
"""Positions in a tuple of words."""

SECOND = 1_000_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR


def generator(seed: int, stream: int, block: int) -> np.random.Generator:
    """The generator of one block of one stream; streams and blocks can be drawn in any order."""
    return np.random.Generator(np.random.PCG64([seed, stream, block]))


def pick(rng: np.random.Generator, shares: Sequence[float], size: int) -> Ints:
    """Positions in `shares`, each as often as its share says; shares need not sum to 1."""
    edges = np.cumsum(shares)
    return np.searchsorted(edges[:-1] / edges[-1], rng.random(size), side="right")


def counts(rng: np.random.Generator, weights: Floats, total: float, at_least: Bools) -> Ints:
    """Counts in proportion to weights that sum to about `total`, one at the least where `at_least` says so."""
    left = max(0.0, total - float(at_least.sum()))
    heaviest = 200 * max(float(weights.mean()), 1e-9)
    capped = np.minimum(weights, heaviest)
    return at_least + rng.poisson(capped * (left / max(float(capped.sum()), 1e-9)))


def spread(rng: np.random.Generator, first: Ints, last: Ints) -> Ints:
    """A moment between first and last for each pair; `first` where last is not later."""
    moment: Ints = first + (rng.random(len(first)) * np.maximum(0, last - first)).astype(np.int64)
    return moment


def known_at(rng: np.random.Generator, occurred: Ints, as_of: int) -> Ints:
    """When rows reached the warehouse: seconds later, one in a hundred hours or days late, none after `as_of`."""
    lag = rng.exponential(20 * SECOND, len(occurred))
    late = np.flatnonzero(rng.random(len(occurred)) < 0.01)
    lag[late] += rng.exponential(10 * HOUR, len(late))
    return np.minimum(as_of, occurred + lag.astype(np.int64))
