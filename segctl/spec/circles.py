"""Circles in what uses what. Names in, names out."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping


def circles(uses: Mapping[str, Collection[str]]) -> list[tuple[str, ...]]:
    """Each circle that a walk closes, as names in order of use, beginning with the least; sorted.

    Names that are used and not in `uses` are ignored. Iterative, since a chain may be longer than Python's stack.
    """
    found: set[tuple[str, ...]] = set()
    done: set[str] = set()
    for start in sorted(uses):
        if start not in done:
            _walk(start, uses, done, found)
    return sorted(found)


def _walk(start: str, uses: Mapping[str, Collection[str]], done: set[str], found: set[tuple[str, ...]]) -> None:
    path = [start]
    place = {start: 0}
    steps: list[Iterator[str]] = [iter(sorted(uses[start]))]
    while path:
        following = next(steps[-1], None)
        if following is None:
            steps.pop()
            name = path.pop()
            del place[name]
            done.add(name)
        elif following in place:
            found.add(_from_least(path[place[following] :]))
        elif following in uses and following not in done:
            place[following] = len(path)
            path.append(following)
            steps.append(iter(sorted(uses[following])))


def _from_least(circle: list[str]) -> tuple[str, ...]:
    first = circle.index(min(circle))
    return (*circle[first:], *circle[:first])
