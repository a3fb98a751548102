"""The graph of what a project declares or has deployed: objects, and who uses whom."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from segctl.workflow.uses import Uses, meant

_DRAWN = ("segment", "rule", "list", "guard")


@dataclass(frozen=True, slots=True)
class Graph:
    """Addresses by kind and name, and pairs of who uses and what is used, in the order of the addresses."""

    nodes: tuple[str, ...]
    edges: tuple[tuple[str, str], ...]


def graph(found: Uses, names: Sequence[str] = ()) -> Graph:
    """All objects; with names, those, what they use and who uses them, directly and through others.

    Raises: Refused, for a name that there is not.
    """
    drawn = {address for address in found.addresses if address.partition(".")[0] in _DRAWN}
    asked = {meant(found, name) for name in names}
    pairs = {(one.user, one.used) for one in found.uses}
    if asked:
        drawn &= _reached(asked, pairs) | _reached(asked, [(used, user) for user, used in pairs])
    nodes = sorted(drawn, key=_place)
    edges = sorted((pair for pair in pairs if drawn.issuperset(pair)), key=lambda pair: tuple(map(_place, pair)))
    return Graph(tuple(nodes), tuple(edges))


def _reached(start: Iterable[str], pairs: Iterable[tuple[str, str]]) -> set[str]:
    beyond: dict[str, set[str]] = {}
    for one, other in pairs:
        beyond.setdefault(one, set()).add(other)
    return _closed(set(start), beyond)


def _closed(found: set[str], beyond: Mapping[str, set[str]]) -> set[str]:
    waiting = list(found)
    while waiting:
        new = beyond.get(waiting.pop(), set()) - found
        found |= new
        waiting += new
    return found


def _place(address: str) -> tuple[int, str]:
    kind, _, name = address.partition(".")
    return _DRAWN.index(kind), name
