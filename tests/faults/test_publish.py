"""A pass that is ended at each of its writes: readers find the tables of before or those of after, nothing else."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.faults.tracer import CAN_KILL
from tests.support.casino import Casino
from tests.support.postgres import kept
from tests.support.publishing import ON_ALL, Reader, address_of, agree, published, publishing

PROJECT = Path(__file__).parents[2]
# every so many writes here; `SEGCTL_FAULTS=1` takes every one
EVERY = int(os.environ.get("SEGCTL_FAULTS", "9"))


def pass_killed(casino: Casino, kind: str, at: int) -> dict[str, int]:
    """In a process of its own; see publisher.py."""
    job = json.dumps({"root": str(casino.root), "now": casino.now.isoformat(), "kind": kind, "at": at})
    command = [sys.executable, "-m", "tests.faults.publisher"]
    done = subprocess.run(
        command, input=job, capture_output=True, text=True, cwd=PROJECT, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr[-3000:]
    answer: dict[str, int] = json.loads(done.stdout)
    return answer


def kept_mirror(reader: Reader, kind: str) -> Callable[[], None]:
    """Keeps a mirror as it is: what is given brings it back."""
    if kind == "postgres":
        return kept(reader.address)
    out, copy = reader.casino.root / "out", reader.casino.root / "kept"
    shutil.copytree(out, copy, symlinks=True)

    def bring_back() -> None:
        shutil.rmtree(out)
        shutil.copytree(copy, out, symlinks=True)

    return bring_back


def seen(reader: Reader) -> tuple[list[Any], list[Any]]:
    return sorted(reader.members, key=repr), sorted(reader.moves)


@pytest.mark.skipif(not CAN_KILL, reason="needs ptrace of Linux on x86_64 or aarch64")
@ON_ALL
def test_killed_at_any_write_a_mirror_is_of_before_or_of_after(
    casino: Casino, kind: str, request: pytest.FixtureRequest
) -> None:
    casino.segment("germans", {"country": "DE"})
    casino.segment("high", {"vip_level": {"gte": 2}})
    casino.segment("gone", {"vip_level": {"gte": 1}})
    casino.apply()
    reader = publishing(casino, address_of(kind, request))
    published(casino)
    before = seen(reader)
    casino.remove("gone")
    casino.later(days=1)
    casino.change("anna", country="GB", vip_level=4)
    casino.apply()
    casino.refresh()
    bring_back = kept_mirror(reader, kind)

    writes = pass_killed(casino, kind, 0)["writes"]
    after = seen(reader)
    assert (writes > 10, before != after) == (True, True)
    found = set()
    for at in range(1, writes + 1, EVERY):
        bring_back()
        code = pass_killed(casino, kind, at)["code"]
        left = seen(reader)
        assert left in (before, after), f"killed at {at} of {writes}"
        found.add((code, left == after))
        published(casino)
        assert seen(reader) == after
        agree(reader)
    assert (-9, False) in found
