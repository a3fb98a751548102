"""Processes that apply one plan and refresh at the same time, round after round, and others that only read."""

from __future__ import annotations

import multiprocessing
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from multiprocessing.queues import Queue
from multiprocessing.synchronize import Barrier, Event
from typing import Any

from segctl.base.errors import Refused
from segctl.plan.seal import as_text, read_plan
from segctl.store import definitions, membership
from segctl.store.engine import open_state, reading
from segctl.store.verify import verify
from tests.support.casino import Casino

SPAWN = multiprocessing.get_context("spawn")
PATIENCE_SECONDS = 300


@dataclass(slots=True)
class Told:
    """What the processes told: for each round, how each apply ended (`applied` or a refusal), and refusals of
    refreshes; how often readers looked, and what they saw that should not be.
    """

    applies: dict[int, list[str]] = field(default_factory=dict)
    refreshes: list[str] = field(default_factory=list)
    looks: int = 0
    halves: list[str] = field(default_factory=list)
    crashes: list[str] = field(default_factory=list)


def crowd(casino: Casino, *, writers: int, rounds: int, readers: int = 2) -> Told:
    """Lets them loose on a casino with two segments, of which each plan turns both round."""
    _declare(casino, 0)
    casino.apply()
    start, end = SPAWN.Barrier(writers + 1), SPAWN.Barrier(writers + 1)
    told: Queue[tuple[str, int, str]] = SPAWN.Queue()
    over = SPAWN.Event()
    processes = [
        *(SPAWN.Process(target=_write, args=(casino, rounds, start, end, told)) for _ in range(writers)),
        *(SPAWN.Process(target=_read, args=(casino, over, told)) for _ in range(readers)),
    ]
    for process in processes:
        process.start()
    for turn in range(1, rounds + 1):
        casino.now += timedelta(minutes=1)
        _declare(casino, turn)
        casino.write("plan.json", as_text(casino.plan()))
        start.wait(PATIENCE_SECONDS)
        end.wait(PATIENCE_SECONDS)
    over.set()
    found = Told()
    for kind, turn, said in _all(told, writers * rounds * 2 + readers):
        _note(found, kind, turn, said)
    for process in processes:
        process.join(PATIENCE_SECONDS)
    return found


def _declare(casino: Casino, turn: int) -> None:
    inside = {"vip_level": {"gte": turn % 4}}
    casino.segment("inside", inside)
    casino.segment("outside", {"none": [inside]})


def _write(casino: Casino, rounds: int, start: Barrier, end: Barrier, told: Any) -> None:
    for turn in range(1, rounds + 1):
        casino.now += timedelta(minutes=1)
        start.wait(PATIENCE_SECONDS)
        told.put(("apply", turn, _outcome(lambda: _apply(casino))))
        told.put(("refresh", turn, _outcome(casino.refresh)))
        end.wait(PATIENCE_SECONDS)


def _apply(casino: Casino) -> None:
    casino.apply_saved(read_plan((casino.root / "plan.json").read_text(encoding="utf-8"), "plan.json"))


def _outcome(work: Any) -> str:
    try:
        work()
    except Refused as refusal:
        return " ".join((refusal.message, *refusal.help))
    except Exception as error:  # noqa: BLE001 - told to the test
        return f"crash: {error!r}"
    return "done"


def _read(casino: Casino, over: Event, told: Any) -> None:
    looks = 0
    while not over.is_set():
        looks += 1
        try:
            seen = _half(casino)
        except Exception as error:  # noqa: BLE001 - told to the test
            seen = f"crash: {error!r}"
        if seen:
            told.put(("half", looks, seen))
            break
    told.put(("looks", looks, ""))


def _half(casino: Casino) -> str:
    """What is wrong with one moment of the state; empty when nothing is."""
    with reading(open_state(casino.context().state)) as connection:
        deployed = definitions.deployed(connection)
        both = [deployed[f"segment.{name}"].object_id for name in ("inside", "outside")]
        held = membership.load(connection, both)
        inside, outside = (held[one].members for one in both)
        if inside & outside or len(inside | outside) != 10:
            return f"{sorted(inside)} and {sorted(outside)} are not two halves of ten players"
        if len({deployed[f"segment.{name}"].version for name in ("inside", "outside")}) != 1:
            return "the two definitions are of different plans"
        return "; ".join(one.detail for one in verify(connection))


def _all(told: Any, expected: int) -> Iterator[tuple[str, int, str]]:
    while expected:
        kind, turn, said = told.get(timeout=PATIENCE_SECONDS)
        expected -= kind != "half"
        yield kind, turn, said


def _note(found: Told, kind: str, turn: int, said: str) -> None:
    if said.startswith("crash"):
        found.crashes.append(said)
    if kind == "apply":
        found.applies.setdefault(turn, []).append(said)
    elif kind == "refresh" and said != "done":
        found.refreshes.append(said)
    elif kind == "half":
        found.halves.append(said)
    elif kind == "looks":
        found.looks += turn
