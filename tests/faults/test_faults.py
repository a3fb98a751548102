"""Writes of an apply and of a refresh, ended there: the state is whole, and the same command again ends the work.

Every eighth write here; `SEGCTL_FAULTS=1` takes every one.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.faults.scene import Verb, deployed
from tests.faults.tracer import CAN_KILL, CAN_REFUSE, Decision
from tests.support.casino import ON_BOTH, Casino

PROJECT = Path(__file__).parents[2]
VERBS: tuple[Verb, ...] = ("apply", "refresh")
EVERY = int(os.environ.get("SEGCTL_FAULTS", "8"))

needs_kills = pytest.mark.skipif(not CAN_KILL, reason="needs ptrace of Linux on x86_64 or aarch64")
needs_errors = pytest.mark.skipif(not CAN_REFUSE, reason="needs ptrace of Linux on x86_64")


def seen(casino: Casino, verb: Verb, fault: Decision, **job: Any) -> dict[str, Any]:
    """What the runner saw."""
    deployed(casino)
    asked: dict[str, Any] = {
        "root": str(casino.root),
        "now": casino.now.isoformat(),
        "postgres": casino.postgres,
        "verb": verb,
    }
    asked |= {"fault": fault, "every": EVERY, **job}
    runner = subprocess.run(
        [sys.executable, "-m", "tests.faults.runner"],
        input=json.dumps(asked),
        capture_output=True,
        text=True,
        cwd=PROJECT,
        check=False,
    )
    assert runner.returncode == 0, runner.stderr[-3000:]
    answer: dict[str, Any] = json.loads(runner.stdout)
    assert answer["whole"] == 0, runner.stderr[-3000:]
    return answer


@needs_kills
@ON_BOTH
@pytest.mark.parametrize("verb", VERBS)
def test_killed_at_any_write_it_is_whole_and_can_be_run_again(casino: Casino, verb: Verb) -> None:
    answer = seen(casino, verb, "kill")

    assert answer["writes"] > (90 if casino.postgres is None else 30)
    # a run may say the same to a server in fewer messages than the one that was counted, and end before the last
    killed, ended = answer["codes"]["-9"], answer["codes"].get("0", 0)
    assert killed + ended == -(-answer["writes"] // EVERY)
    assert ended <= 3
    assert answer["partial"] == []
    assert answer["findings"] == []
    assert answer["stuck"] == []
    assert set(answer["outcomes"]) <= {"before", "after"}


@needs_kills
@ON_BOTH
@pytest.mark.parametrize("verb", VERBS)
def test_without_a_transaction_the_same_kills_are_noticed(casino: Casino, verb: Verb) -> None:
    answer = seen(casino, verb, "kill", autocommit=True, every=8)

    assert answer["partial"] != []


@needs_errors
@pytest.mark.parametrize("verb", VERBS)
def test_on_a_disk_that_is_full_from_any_write_on_it_is_whole(casino: Casino, verb: Verb) -> None:
    answer = seen(casino, verb, "no space")

    assert answer["partial"] == []
    assert answer["findings"] == []
    assert answer["stuck"] == []
