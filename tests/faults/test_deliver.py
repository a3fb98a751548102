"""Workers that are ended at each write, and several at once: every message arrives, in order, once by its id."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from segctl.store.engine import open_state, reading
from segctl.store.verify import verify
from tests.faults.tracer import CAN_KILL
from tests.support.casino import ON_BOTH, Casino
from tests.support.delivery import hooked, left
from tests.support.receiver import Receiver, receiver

PROJECT = Path(__file__).parents[2]
# every so many writes here; `SEGCTL_FAULTS=1` takes every one
EVERY = int(os.environ.get("SEGCTL_FAULTS", "37"))


def moving(casino: Casino, to: Receiver) -> None:
    """Players who joined, left and joined, and of whom nobody was told."""
    hooked(casino, to)
    casino.apply()
    for level in (0, 3, 0):
        casino.later(minutes=1)
        casino.change("dora", vip_level=level)
        casino.change("anna", vip_level=3 - level)
        casino.refresh()


def job(casino: Casino, **more: Any) -> subprocess.Popen[str]:
    """A process of its own that delivers, or is killed over it; see deliverer.py."""
    asked = {
        "root": str(casino.root),
        "now": casino.now.isoformat(),
        "postgres": casino.postgres,
        "variables": casino.variables,
        **more,
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.faults.deliverer"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=PROJECT,
    )
    assert process.stdin is not None
    process.stdin.write(json.dumps(asked))
    process.stdin.close()
    process.stdin = None
    return process


def told(process: subprocess.Popen[str]) -> dict[str, int]:
    """What it saw, once it is through."""
    out, err = process.communicate(timeout=120)
    assert process.returncode == 0, err[-3000:]
    answer: dict[str, int] = json.loads(out)
    return answer


@pytest.mark.skipif(not CAN_KILL, reason="needs ptrace of Linux on x86_64 or aarch64")
@ON_BOTH
def test_killed_at_any_write_the_next_worker_tells_the_rest(casino: Casino) -> None:
    with receiver() as to:
        moving(casino, to)
        members = casino.members("vip")
        back = casino.kept()
        writes = told(job(casino, at=0))["writes"]
        assert writes > 10
        for at in range(1, writes + 1, EVERY):
            back()
            to.got.clear()
            seen = told(job(casino, at=at))

            assert (seen["code"] in (-9, 0), seen["after"]) == (True, 0)
            assert (left(casino), to.members, to.in_order) == (0, members, True), f"killed at {at} of {writes}"
            assert to.balance == dict.fromkeys(members, 1)
            with reading(open_state(casino.context().state)) as connection:
                assert verify(connection) == []


@ON_BOTH
def test_of_several_workers_each_message_is_one_s(casino: Casino) -> None:
    with receiver() as one, receiver() as two, receiver() as three:
        for name, to in (("one", one), ("two", two), ("three", three)):
            hooked(casino, to, name, {"any": [{"country": {"is_set": True}}, {"vip_level": {"is_set": False}}]})
        casino.apply()
        workers = [job(casino) for _ in range(3)]

        assert sum(told(worker)["delivered"] for worker in workers) == 30
        assert [len(to.got) for to in (one, two, three)] == [10, 10, 10]
        assert left(casino) == 0
