"""`--at`: which instant is meant, and what is said of it."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from segctl.base.errors import Refused
from segctl.cli.options import past_instant
from tests.cli.conftest import Cli

MALTA = ZoneInfo("Europe/Malta")
NOW = datetime(2026, 11, 26, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2026-10-01T12:00:00Z", datetime(2026, 10, 1, 12, tzinfo=UTC)),
        ("2026-10-01T12:00:00+02:00", datetime(2026, 10, 1, 10, tzinfo=UTC)),
        ("2026-10-01", datetime(2026, 10, 1, 21, 59, 59, 999_999, tzinfo=UTC)),
        ("2026-01-15", datetime(2026, 1, 15, 22, 59, 59, 999_999, tzinfo=UTC)),
        ("2026-11-26", NOW),
    ],
)
def test_a_day_is_meant_to_its_end_where_the_project_is(written: str, meant: datetime) -> None:
    assert past_instant(written, MALTA, NOW) == meant


@pytest.mark.parametrize("written", ["yesterday", "2026-10-01T12:00:00", "2026-02-30", "9999-12-31", "0001-01-01"])
def test_what_is_no_instant_is_refused(written: str) -> None:
    with pytest.raises(Refused, match="is not an instant"):
        past_instant(written, MALTA, NOW)


def test_members_at_an_instant(deployed: Cli) -> None:
    casino = deployed.casino
    first = casino.now.isoformat()
    casino.later(days=2)
    casino.forget("bert")
    casino.sql("DELETE FROM players WHERE player_id = 'bert'")
    casino.change("anna", country="GB")
    casino.refresh()

    then = deployed("members", "germans", "--at", first)

    assert (then.code, then.err) == (0, "")
    assert [line.split()[0] for line in then.out.splitlines()[1:4]] == ["anna", "cara", "dora"]
    assert "4 players, as of 2025-03-01 12:00 UTC; 1 of them was forgotten since." in then.out
    assert deployed("members", "germans", "--at", "2025-03-01", "--count").out == "4\n"
    assert deployed("members", "germans", "--at", "2025-03-03", "--count").out == "2\n"
    assert deployed("members", "germans", "--at", "2025-03-01", "--format", "csv").out.count("\n") == 4


def test_members_before_the_first_version_are_refused(deployed: Cli) -> None:
    said = deployed("members", "germans", "--at", "2025-02-01")

    assert (said.code, said.out) == (1, "")
    assert "segctl versions germans" in said.err
