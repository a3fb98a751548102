"""How far long work is: lines for a log, a bar for a terminal, nothing for short work."""

import os
import pty
import re
import subprocess
import sys
from dataclasses import replace
from typing import Any

import pyarrow as pa
import pytest

from segctl.cli.progress import watched, watching
from segctl.sql.questions import AskCount, AskPlayers, AskSlices
from segctl.sql.statements import WHOLE
from segctl.workflow.difference import difference
from segctl.workflow.plan import planned
from segctl.workflow.progress import Progress
from segctl.workflow.watched import Watched
from tests.cli.conftest import Cli
from tests.support.casino import Casino

ON_A_TERMINAL = """
from segctl.cli.progress import watching
from segctl.workflow.progress import Progress
with watching(quiet_seconds=0) as watch:
    watch(Progress("reading [red]bets", 1, 4))
print("done")
"""


def test_long_work_tells_a_line_a_step(capsys: pytest.CaptureFixture[str]) -> None:
    with watching(quiet_seconds=0) as watch:
        watch(Progress("reading players", 0, 2))
        watch(Progress("reading bets", 1, 2, rows=1200, players=1000, ready=1, segments=3))
        watch(Progress("writing", 0, 0))

    out, err = capsys.readouterr()
    assert out == ""
    assert re.sub(r"[\d.]+ s left", "… left", err) == (
        "  reading players (1 of 2)\n"
        "  reading bets (2 of 2) · 1,200 rows · 1,000 players · 1 of 3 segments · … left\n"
        "  writing\n"
    )


def test_who_wants_it_quiet_is_told_nothing(casino: Casino, capsys: pytest.CaptureFixture[str]) -> None:
    with watched(casino.context(), quiet=True) as context:
        context.watch(Progress("reading players", 0, 2))

    assert capsys.readouterr() == ("", "")


def test_short_work_is_quiet(deployed: Cli) -> None:
    deployed.casino.segment("british", {"country": "GB"}, title="Britons")
    deployed.casino.segment("rich", {"deposit_count": {"gte": 1}})

    for verb in (("plan",), ("apply", "--auto-approve"), ("refresh",)):
        assert deployed.at(*verb).err == ""


def test_a_terminal_has_a_bar_that_goes_away() -> None:
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-c", ON_A_TERMINAL],
        env={**os.environ, "TERM": "xterm", "COLUMNS": "80"},
        stdin=theirs,
        stdout=subprocess.PIPE,
        stderr=theirs,
    )
    os.close(theirs)
    out, _ = process.communicate(timeout=60)
    said = os.read(ours, 65536).decode()
    os.close(ours)

    assert out == b"done\n"
    assert "reading [red]bets" in said
    assert "25 %" in said
    assert said.endswith("\x1b[2K")


def test_a_run_tells_each_read_before_it_begins(casino: Casino) -> None:
    casino.segment("rich", {"all": [{"country": "DE"}, {"deposit_count": {"gte": 1}}]})
    casino.segment("vip", {"vip_level": {"gte": 4}})
    told: list[Progress] = []
    context, loaded = replace(casino.context(), watch=told.append), casino.loaded()

    planned(context, loaded, difference(context, loaded), None)

    assert told == [
        Progress("reading players", 0, 2, segments=2),
        Progress("reading payments", 1, 2, rows=10, players=10, ready=1, segments=2),
    ]


def test_slices_are_counted() -> None:
    told: list[Progress] = []

    def answer(_question: Any, _part: Any) -> pa.Table:
        return pa.table({"player": ["a", "m", "t"]})

    read = Watched(answer, 2, told.append)
    for question in (AskCount("players", "id"), AskSlices("players", "id", 1), AskPlayers("players", "id", ())):
        read(question, WHOLE)

    read(AskPlayers("players", "id", ()), WHOLE)

    assert told == [Progress("reading players", 0, 6), Progress("reading players", 1, 6, rows=3, players=3)]
