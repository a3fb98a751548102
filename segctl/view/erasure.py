"""A player forgotten: what was removed, what remains to be done by hand. As text, and as a certificate."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Literal

from segctl.view.data import instant_text
from segctl.view.figures import counted, moment
from segctl.view.safe import safe
from segctl.view.width import wrapped

FORMAT_VERSION = 1
WIDTH = 100
Swept = Literal["swept", "unswept", "vacuum"]
_WAREHOUSE = {True: "has the player", False: "does not have the player", None: "was not reached"}
_MOST = 20


@dataclass(frozen=True, slots=True)
class Removed:
    """In how many places the player stood; `values` are lists and values kept beside definitions."""

    segments: int
    lists: int
    history: int
    values: int


@dataclass(frozen=True, slots=True)
class Remaining:
    """What the state cannot remove. `files` and `plans` are pairs of a name and a line.

    `definitions` are deployed ones that name the player in words; `warehouse` is None where it was not reached.
    """

    files: tuple[tuple[str, int], ...]
    plans: tuple[tuple[str, int], ...]
    definitions: tuple[str, ...]
    warehouse: bool | None
    git: bool


@dataclass(frozen=True, slots=True)
class Erasure:
    """One player, forgotten. `player` is the keyed digest of the id, `exclusions` how many outlive them.

    `again` says that it was done before, and only what remains is told anew.
    """

    environment: str
    lineage: str
    serial: int
    seq: int
    hash: str
    at: datetime
    by: str
    reason: str
    player: str
    removed: Removed
    exclusions: int
    remaining: Remaining
    swept: Swept
    again: bool = False


def certificate_data(one: Erasure) -> dict[str, Any]:
    """The certificate. It holds no id."""
    return {
        "format_version": FORMAT_VERSION,
        "certificate": "erasure",
        "environment": one.environment,
        "state": {"lineage": one.lineage, "serial": one.serial},
        "audit": {"seq": one.seq, "hash": one.hash},
        "at": instant_text(one.at),
        "by": one.by,
        "reason": one.reason,
        "player": {"hmac_sha256": one.player},
        "removed": asdict(one.removed),
        "exclusions_kept": one.exclusions,
        "remaining": {
            "files": [{"file": file, "line": line} for file, line in one.remaining.files],
            "saved_plans": [{"file": file, "line": line} for file, line in one.remaining.plans],
            "definitions": list(one.remaining.definitions),
            "warehouse": _WAREHOUSE[one.remaining.warehouse],
            "by_hand": list(_by_hand(one)),
        },
    }


def question_text(environment: str, removed: Removed, exclusions: int, remaining: Remaining) -> str:
    """What forgetting will do, with its numbers, before it is done."""
    lines = [
        f"{safe(environment)} · forgetting takes the player out of {_places(removed)}.",
        "Counts and the audit log stay as they are. The number of the player is never given again.",
    ]
    if exclusions:
        lines.append(f"{counted(exclusions, 'exclusion')} of the player will go on, by a keyed hash of the id.")
    if remaining.files:
        lines += [
            f"{counted(len(remaining.files), 'line')} of files, which you will have to remove:",
            *_shown(remaining.files),
        ]
    return _wrapped([*lines, "This cannot be undone."])


def erasure_text(one: Erasure, certificate: str) -> str:
    """After it is done: what was removed, and everything that still has to be."""
    if one.again:
        first = f"Forgotten before, as state {one.serial} on {moment(one.at)}: nothing was left in the state."
    else:
        first = f"Forgotten as state {one.serial}: removed from {_places(one.removed)}."
    kept = f"{counted(one.exclusions, 'exclusion')} of the player will go on, by a keyed hash of the id."
    lines = [first, *([kept] if one.exclusions else [])]
    lines.append(
        f"Audit {one.seq} · head {safe(one.hash[:4])}…{safe(one.hash[-2:])} · certificate {safe(certificate)}"
    )
    lines += ["", "Still to be done by hand:"]
    if one.remaining.files:
        lines += [f"  {counted(len(one.remaining.files), 'line')} of files; remove them, then: segctl plan"]
        lines += _shown(one.remaining.files)
    return _wrapped([*lines, *(f"  {told}" for told in _by_hand(one))])


def _wrapped(lines: Iterable[str]) -> str:
    """Lines that fit, and go on two spaces further in."""
    found: list[str] = []
    for line in lines:
        indent = line[: len(line) - len(line.lstrip(" "))]
        first, *more = wrapped(line, WIDTH - len(indent) - 2, whole=True) or [""]
        found += [f"{indent}{first}", *(f"{indent}  {part}" for part in more)]
    return "\n".join(found) + "\n"


def _places(removed: Removed) -> str:
    return (
        f"{counted(removed.segments, 'segment')}, {counted(removed.lists, 'list')}, "
        f"{counted(removed.history, 'entry', 'entries')} of the history and "
        f"{counted(removed.values, 'list or value', 'lists or values')} kept beside definitions"
    )


def _shown(places: tuple[tuple[str, int], ...]) -> list[str]:
    shown = [f"    {safe(file)}:{line}" for file, line in places[:_MOST]]
    rest = len(places) - _MOST
    return [*shown, f"    … and {counted(rest, 'more line')}: the certificate has them"] if rest > 0 else shown


def _by_hand(one: Erasure) -> Iterator[str]:
    """What only people can do, a sentence each."""
    left = one.remaining
    for file, line in left.plans:
        yield f"The saved plan {safe(file)}:{line} names the player."
    if left.definitions:
        names = ", ".join(map(safe, left.definitions))
        yield f"Deployed definitions name the player in words, and the audit log stands for their text: {names}."
    yield from _warehouse(left)
    yield from _bytes(one.swept)
    yield "Backups and copies of the state, files that were exported, and what systems behind it were sent."
    if left.git:
        yield "The history of git, where a file named the player."


def _warehouse(left: Remaining) -> Iterator[str]:
    if left.warehouse is None:
        yield "The warehouse was not reached: it may still have the player, who would come back as somebody new."
    elif left.warehouse:
        yield "The warehouse still has the player: the next run meets them as somebody new. Delete them there."


def _bytes(swept: Swept) -> Iterator[str]:
    match swept:
        case "swept":
            pass
        case "unswept":
            yield (
                "The state's file could not be written anew, since somebody uses it or the disk is full: "
                "erased bytes may lie in it until you run this command again."
            )
        case "vacuum":
            yield "PostgreSQL keeps dead rows until VACUUM FULL has run over the state; WAL archives keep them."
