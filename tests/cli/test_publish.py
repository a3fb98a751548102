"""segctl publish as people type it: what it says, its JSON, its refusals, and two of them at once."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from segctl.publish.open import open_mirror
from tests.cli.conftest import Cli
from tests.support.publishing import ON_ALL, Reader, address_of, agree, publishing

SEGCTL = (sys.executable, "-c", "from segctl.cli.main import main; main()")


@pytest.fixture
def reader(deployed: Cli) -> Reader:
    return publishing(deployed.casino, "parquet:///out/published")


def test_it_says_what_it_wrote(deployed: Cli, reader: Reader) -> None:
    first = deployed("publish")
    again = deployed("publish")

    assert (first.code, again.code) == (0, 0)
    assert first.out.startswith(f"Published state 1 to {reader.path}: 4 segments, 13 members. (")
    assert "\n  members +13 \N{MINUS SIGN}0 · moves +13\n" in first.out
    assert again.out.startswith(f"{reader.path} is at state 1 already: 4 segments, 13 members. (")


def test_full_says_what_it_put_right(deployed: Cli, reader: Reader) -> None:
    deployed("publish")
    assert "\n  compared: every row was as it should be\n" in deployed("publish", "--full").out
    (reader.path / "current/segment_members/picks.parquet").unlink()

    assert "\n  ! 3 rows put right: members +3 \N{MINUS SIGN}0 · moves +0\n" in deployed("publish", "--full").out
    agree(reader)


def test_json(deployed: Cli, reader: Reader) -> None:
    deployed("publish")
    rows = dict.fromkeys(
        ("members_added", "members_removed", "members_renewed", "moves_added", "moves_removed"), 0
    )

    assert json.loads(deployed("publish", "--full", "--json").out) == {
        "where": str(reader.path),
        "before": 1,
        "serial": 1,
        "segments": 4,
        "members": 13,
        "held": 0,
        "rows": rows,
        "mended": rows,
    }


def test_a_refusal_says_what_to_type(deployed: Cli) -> None:
    said = deployed("publish")

    assert said.code == 1
    assert "Nothing says where" in said.err
    assert "publish: {to:" in said.err


def test_a_schema_that_is_none_is_a_mistake(deployed: Cli) -> None:
    publishing(deployed.casino, "parquet:///x", '"a; DROP"')

    said = deployed("publish")
    assert said.code == 1
    assert "SEG301" in said.err
    assert "schema" in said.err


@ON_ALL
def test_of_several_at_once_one_writes_and_the_others_find_nothing(
    deployed: Cli, kind: str, request: pytest.FixtureRequest
) -> None:
    reader = publishing(deployed.casino, address_of(kind, request))
    command = [*SEGCTL, "publish", "--json", "--lock-timeout", "60"]
    started = [
        subprocess.Popen(
            command, cwd=deployed.casino.root, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        for _ in range(4)
    ]
    said = [process.communicate(timeout=120) for process in started]

    assert [process.returncode for process in started] == [0, 0, 0, 0], said
    done = [json.loads(out) for out, _ in said]
    assert sorted((one["before"] or 0, one["rows"]["members_added"]) for one in done) == [(0, 13), *[(1, 0)] * 3]
    agree(reader)


@ON_ALL
def test_who_waits_too_long_is_told(deployed: Cli, kind: str, request: pytest.FixtureRequest) -> None:
    publishing(deployed.casino, address_of(kind, request))
    address = deployed.casino.context().published
    with open_mirror(address, "segments", 1.0):
        command = [*SEGCTL, "publish", "--lock-timeout", "0.2"]
        said = subprocess.run(command, cwd=deployed.casino.root, capture_output=True, text=True, check=False)

    assert said.returncode == 1
    assert "--lock-timeout" in said.stderr
