"""The least and the greatest of events, brought up to date: what came is compared with what there was. Pure.

Who has to be asked again is only whose least or greatest event may have fallen out of the window. A row that is
seen twice does no harm.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from segctl.members.atoms import present
from segctl.members.columns import Bools, Flags, Floats, Numbers, Places, Single, chosen
from segctl.members.deltas import Rows, Shift, Window
from segctl.members.features import Feature, features
from segctl.members.later import is_highest
from segctl.members.merging import joined_values
from segctl.members.places import different, standing
from segctl.sql.questions import AskGrouped


@dataclass(frozen=True, slots=True)
class Rivals:
    """Of one question whose rows moved: who must be asked again, and by feature, whose value is known."""

    places: Places
    again: Bools
    known: dict[int, tuple[Places, Single]]


def rivals(
    question: AskGrouped, shift: Shift, windows: dict[int, Window], kept: dict[int, Single], rows: Rows
) -> Rivals:
    """Compares what rows that moved hold with what was kept, by feature."""
    asked = shift.of(question)
    answer, of_rows = rows(asked)
    places = different(of_rows)
    again = np.zeros(len(places), dtype=np.bool_)
    known: dict[int, tuple[Places, Single]] = {}
    if not len(places):
        return Rivals(places, again, known)
    at = standing(places, of_rows)
    came = _found(asked, answer, at, len(places), shift.now)
    went = _found(asked, answer, at, len(places), gone(shift))
    for number, fact, _ in shift.now:
        before = kept.get(number)
        if before is None or not is_comparable(before, came[number]) or not is_forward(windows[number]):
            again[:] = True
            continue
        held = chosen(before, places)
        best, lost = _best(held, came[number], went.get(number), highest=is_highest(fact.measure))
        again |= lost
        stays = np.flatnonzero(~lost)
        known[number] = places[stays], chosen(best, stays)
    return Rivals(places, again, known)


def _found(asked: AskGrouped, answer: Any, at: Places, count: int, wanted: list[Feature]) -> dict[int, Single]:
    parts: dict[int, list[Single]] = defaultdict(list)
    for number, _, values, _ in features(asked, answer, at, count, wanted):
        parts[number].append(values)
    return {number: joined_values(several) for number, several in parts.items()}


def gone(shift: Shift) -> list[Feature]:
    """The features over what their windows had and have no more."""
    return [
        (number, fact, replace(then, stop=now.start - 1))
        for (number, fact, then), (_, _, now) in zip(shift.then, shift.now, strict=True)
        if now.start > then.start
    ]


def is_forward(window: Window) -> bool:
    """Did a window move on with the clock?"""
    return window.then.after <= window.now.after and window.then.until <= window.now.until


def is_comparable(before: Single, came: Single) -> bool:
    """Are they of one kind?"""
    match before, came:
        case Numbers(scale=scale), Numbers(scale=other):
            return scale == other
        case (Floats(), Floats()) | (Flags(), Flags()):
            return True
        case _:
            return False


def _best(held: Single, came: Single, went: Single | None, *, highest: bool) -> tuple[Single, Bools]:
    """The better of what was held and what came, and of whom what was held may be lost."""
    assert isinstance(held, Numbers | Floats)  # noqa: S101 - as compared
    assert isinstance(came, Numbers | Floats)  # noqa: S101
    had, has = present(held), present(came)
    wins = has & (~had | (came.values >= held.values if highest else came.values <= held.values))
    values, valid = np.where(wins, came.values, held.values), had | has
    best = Floats(values, valid) if isinstance(held, Floats) else Numbers(values, valid, held.scale)
    if went is None:
        return best, np.zeros(len(had), dtype=np.bool_)
    assert isinstance(went, Numbers | Floats)  # noqa: S101
    equal = went.values >= held.values if highest else went.values <= held.values
    return best, had & present(went) & equal & ~wins
