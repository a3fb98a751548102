"""Why the state holds other members than a full evaluation finds. Pure set algebra over bitmaps."""

from __future__ import annotations

from dataclasses import dataclass

from pyroaring import BitMap


@dataclass(frozen=True, slots=True)
class Since:
    """What is known of the time since members were found.

    `data` are the players whose rows changed since, or who came or went; `tells` says that every table it comes
    from says so. `ranked` says that the data of others may move somebody: a limit holds.
    """

    data: BitMap
    tells: bool
    ranked: bool


@dataclass(frozen=True, slots=True)
class Differences:
    """Who differs between the state and a full evaluation.

    `data` moved since, or may have, `clock` is moved by time alone since; of `unclear` no table says whether their
    data changed. `wrong` is what nothing explains.
    """

    data: BitMap
    clock: BitMap
    unclear: BitMap
    wrong: BitMap


def differences(held: BitMap, then: BitMap, now: BitMap, since: Since) -> Differences:
    """Compares whom the state holds with who is in at that instant, by the facts known now, and who is in now.

    Who is right at the instant of the state, and would be elsewhere now, is late by the clock.
    """
    differing = held ^ then
    data = differing if since.ranked and since.data else differing & since.data
    left = differing - data
    nobody = BitMap()
    return Differences(
        data=data,
        clock=(then ^ now) - differing,
        unclear=nobody if since.tells else left,
        wrong=left if since.tells else nobody,
    )
