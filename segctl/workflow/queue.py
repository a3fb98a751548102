"""Which messages may be sent now, in which order, and which must never be sent. Pure set algebra over bitmaps."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from pyroaring import BitMap

from segctl.store.outbox import Key, Waiting

# a run and players of it → those of them whose message may have arrived
Tried = Callable[[int, BitMap], BitMap]


@dataclass(frozen=True, slots=True)
class Kept:
    """`dropped` are messages that are never sent, `held` such that are not sent as things are; both by row."""

    dropped: Mapping[Key, BitMap] = field(default_factory=dict)
    held: Mapping[Key, BitMap] = field(default_factory=dict)


def kept_back(rows: Sequence[Waiting], passing: BitMap | None, tried: Tried) -> Kept:
    """What the guard keeps back: nobody is told of a player who joined and does not pass the guard any more.

    Such a player has left as well, or is about to. If the message of the joining was never tried, it is dropped
    with that of the leaving; if it was, the receiver may know the player and is told of the leaving. `passing` is
    None where there is no guard. Rows stand in order, of one object.
    """
    if passing is None:
        return Kept()
    dropped: dict[Key, BitMap] = {}
    joined: list[tuple[Waiting, BitMap]] = []
    for row in rows:
        if row.direction == "joined":
            joined.append((row, row.players - passing))
            continue
        for earlier, players in joined:
            both = players & row.players
            if both:
                players.difference_update(both)
                _add(dropped, earlier.key, both)
                _add(dropped, row.key, both - tried(earlier.serial, both))
    return Kept(dropped, {row.key: players for row, players in joined if players})


def due(
    rows: Sequence[Waiting], without: Kept, resting: Mapping[int, BitMap], most: int
) -> list[tuple[Waiting, int]]:
    """The first messages that may be sent now: rows with numbers of players, at most `most`, each player once.

    `resting` are players by run whose message was tried and is not to be tried now. Nothing of a player overtakes
    what is still to be said of them.
    """
    found: list[tuple[Waiting, int]] = []
    behind = BitMap()
    for row in rows:
        players = row.players - without.dropped.get(row.key, BitMap())
        ready = players - behind - resting.get(row.serial, BitMap()) - without.held.get(row.key, BitMap())
        behind |= players
        found += [(row, number) for number in _first(ready, most - len(found))]
        if len(found) >= most:
            break
    return found


def _first(players: BitMap, most: int) -> Iterable[int]:
    return players[:most] if len(players) > most else players


def _add(found: dict[Key, BitMap], key: Key, players: BitMap) -> None:
    if players:
        found[key] = found.get(key, BitMap()) | players
