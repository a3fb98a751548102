"""A page of the ledger: moves of some players in some runs, in the order of the players, as bytes. No connection.

A head, then players, the runs (serials, instants), and the rest of the moves by column: objects, places of their
runs, kinds. Players come first so that a database need not look further to see who is not there. Numbers are
little-endian and as narrow as a page allows: a move takes six bytes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from struct import Struct
from typing import Any, Final, NamedTuple

import numpy as np

# how many players have a page together once moves are divided; its number is that of its first by this
PLAYERS: Final = 4_096
# the number of a page that has all players of one run
UNDIVIDED: Final = -1
MOST_RUNS: Final = 256
# moves, the player to count from, runs, and how many bytes players and objects take
_HEAD: Final = Struct("<IIHBB")
HEAD: Final = _HEAD.size
_NARROW: Final = 2**16

Array = np.ndarray[Any, Any]


class Entry(NamedTuple):
    """A move as a page has it. `kind` is what history.py made of cause and direction."""

    serial: int
    micros: int
    object_id: int
    kind: int


@dataclass(frozen=True, slots=True)
class Page:
    """Moves as columns, in the order of players and, of one player, of runs; `places` are those in `serials`."""

    serials: Array
    instants: Array
    players: Array
    objects: Array
    places: Array
    kinds: Array


def page_of_run(serial: int, micros: int, moved: Sequence[tuple[int, int, Array]]) -> Page:
    """The page of one run from who moved, by object and kind."""
    sizes = [len(players) for _, _, players in moved]
    players = np.concatenate([players for _, _, players in moved])
    order = np.argsort(players, kind="stable")
    return Page(
        np.array([serial]),
        np.array([micros]),
        players[order],
        np.repeat([object_id for object_id, _, _ in moved], sizes)[order],
        np.zeros(len(players), np.uint8),
        np.repeat([kind for _, kind, _ in moved], sizes)[order],
    )


def merged(pages: Sequence[Page]) -> Page:
    """One page of several, given in the order of their runs."""
    starts = np.cumsum([0, *(len(one.serials) for one in pages)])
    players = np.concatenate([one.players for one in pages])
    places = np.concatenate(
        [one.places.astype(np.uint16) + start for one, start in zip(pages, starts, strict=False)]
    )
    order = np.argsort(players, kind="stable")
    return Page(
        np.concatenate([one.serials for one in pages]),
        np.concatenate([one.instants for one in pages]),
        players[order],
        np.concatenate([one.objects for one in pages])[order],
        places[order],
        np.concatenate([one.kinds for one in pages])[order],
    )


def divided(page: Page) -> Iterator[tuple[int, Page]]:
    """The same moves in a page for each `PLAYERS` players, with its number."""
    numbers = page.players // PLAYERS
    starts = np.flatnonzero(np.r_[True, numbers[1:] != numbers[:-1]])
    for start, end in zip(starts, [*starts[1:], len(numbers)], strict=True):
        yield int(numbers[start]), _only(page, slice(start, end))


def encoded(page: Page, number: int) -> bytes:
    """The bytes of the page with this number. It has at most `MOST_RUNS` runs, and a move."""
    least, width = (0, 4) if number == UNDIVIDED else (number * PLAYERS, 2)
    object_width = 4 if page.objects.max() >= _NARROW else 2
    head = _HEAD.pack(len(page.players), least, len(page.serials), width, object_width)
    columns = (
        (page.players - least).astype(f"<u{width}"),
        page.serials.astype("<i8"),
        page.instants.astype("<i8"),
        page.objects.astype(f"<u{object_width}"),
        page.places.astype("<u1"),
        page.kinds.astype("<u1"),
    )
    return b"".join((head, *(column.tobytes() for column in columns)))


def decoded(stored: bytes) -> Page:
    """The page that was encoded."""
    count, least, runs, width, object_width = _HEAD.unpack_from(stored)
    of_runs, of_moves = (("<i8", runs),) * 2, ((f"<u{object_width}", count), ("<u1", count), ("<u1", count))
    columns, at = [], _HEAD.size
    for form, length in ((f"<u{width}", count), *of_runs, *of_moves):
        columns.append(np.frombuffer(stored, form, length, at))
        at += columns[-1].nbytes
    players, serials, instants, objects, places, kinds = columns
    return Page(serials, instants, players.astype(np.int64) + least, objects, places, kinds)


def sought(player: int, number: int) -> bytes:
    """What stands for a player on pages of this number, after the head, among as many bytes for each move."""
    return player.to_bytes(4, "little") if number == UNDIVIDED else (player % PLAYERS).to_bytes(2, "little")


def entries(stored: bytes, player: int) -> list[Entry]:
    """The moves of one player, by the bytes of a page; the others' are not decoded."""
    count, least, runs, width, object_width = _HEAD.unpack_from(stored)
    from_least, at = player - least, _HEAD.size
    if not 0 <= from_least < 2 ** (8 * width):
        return []
    players = np.frombuffer(stored, f"<u{width}", count, at)
    narrow = players.dtype.type(from_least)
    start = int(players.searchsorted(narrow))
    if start == count or players[start] != narrow:
        return []
    end = int(players.searchsorted(narrow, "right"))
    at += width * count
    serials = np.frombuffer(stored, "<i8", 2 * runs, at)
    at += 16 * runs
    objects = np.frombuffer(stored, f"<u{object_width}", end - start, at + object_width * start).tolist()
    at += object_width * count
    places, kinds = stored[at + start : at + end], stored[at + count + start : at + count + end]
    return [
        Entry(int(serials[place]), int(serials[runs + place]), object_id, kind)
        for object_id, place, kind in zip(objects, places, kinds, strict=True)
    ]


def without(stored: bytes, player: int, number: int) -> bytes | None:
    """The bytes of a page without one player's moves; None if nothing is left."""
    page = decoded(stored)
    others = page.players != player
    return encoded(_only(page, others), number) if others.any() else None


def _only(page: Page, which: Any) -> Page:
    return Page(
        page.serials,
        page.instants,
        page.players[which],
        page.objects[which],
        page.places[which],
        page.kinds[which],
    )
