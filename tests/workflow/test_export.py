"""Exports: the players that are meant, and what the warehouse says of each of them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from segctl.store import audit
from segctl.workflow.export import Export, Wanted, export, personal, write_down
from segctl.workflow.state import looking
from tests.support.casino import ON_BOTH, START, Casino, refused


def rows(found: Export) -> list[dict[str, Any]]:
    return [row for table in found.tables() for row in table.to_pylist()]


@pytest.fixture
def deployed(casino: Casino) -> Casino:
    casino.segment("germans", {"country": "DE"})
    casino.segment("picks", type="players", players=["anna", "ghost", "gwen", "jack"])
    casino.apply()
    casino.later(days=2)
    casino.change("anna", country="GB")
    casino.change("emil", country="DE")
    casino.refresh()
    return casino


def sets(casino: Casino, **wanted: Any) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for row in rows(export(casino.context(), Wanted(("germans", "picks"), **wanted))):
        found.setdefault(row["segment"], set()).add(row["player_id"])
    return found


@ON_BOTH
def test_members_with_since_when(deployed: Casino) -> None:
    found = rows(export(deployed.context(), Wanted(("germans", "picks", "germans"))))

    for name in ("germans", "picks"):
        assert {row["player_id"]: row["since"] for row in found if row["segment"] == name} == deployed.since(name)
    assert len(found) == 8


@ON_BOTH
def test_who_joined_and_who_left_since_an_instant(deployed: Casino) -> None:
    assert sets(deployed, joined=deployed.now) == {"germans": {"emil"}}
    assert sets(deployed, joined=START)["germans"] == deployed.members("germans")
    assert sets(deployed, left=START) == {"germans": {"anna"}}
    found = export(deployed.context(), Wanted(("germans",), left=START))
    assert rows(found) == [{"segment": "germans", "player_id": "anna", "left": deployed.now}]
    deployed.later(days=1)
    assert sets(deployed, left=deployed.now) == {}


def test_who_left_and_came_back_has_not_left(deployed: Casino) -> None:
    deployed.later(days=1)
    deployed.change("anna", country="DE")
    deployed.refresh()

    assert sets(deployed, left=START) == {}


def test_an_archived_segment_has_only_those_who_left(deployed: Casino) -> None:
    members = deployed.members("picks")
    deployed.remove("picks")
    deployed.apply()

    assert sets_left(deployed) == members
    with refused(deployed, "archived", "--left-since"):
        export(deployed.context(), Wanted(("picks",)))


def sets_left(casino: Casino) -> set[str]:
    return {row["player_id"] for row in rows(export(casino.context(), Wanted(("picks",), left=START)))}


def test_columns_are_the_warehouse_s_values_player_by_player(deployed: Casino) -> None:
    columns = ("country", "deposit_amount", "deposit_count", "last_login", "vip_level")

    found = rows(export(deployed.context(), Wanted(("picks",), columns=columns)))

    told = {row["player_id"]: tuple(row[name] for name in columns) for row in found}
    assert told == {
        "anna": ("GB", Decimal(150), 2, datetime(2025, 2, 28, 12, tzinfo=UTC), 0),
        "ghost": (None, None, None, None, None),
        "gwen": ("GB", Decimal(5_000), 1, None, 3),
        "jack": (None, Decimal(0), 0, datetime(2025, 2, 28, 12, tzinfo=UTC), None),
    }


def test_dates_booleans_ages_and_lists_are_what_they_are(deployed: Casino) -> None:
    deployed.sql("ALTER TABLE players ADD COLUMN born DATE")
    deployed.sql("ALTER TABLE players ADD COLUMN mails BOOLEAN")
    deployed.sql("UPDATE players SET born = '1990-03-04', mails = true WHERE player_id = 'anna'")
    deployed.sql("CREATE TABLE liked (player_id VARCHAR, provider VARCHAR)")
    deployed.sql("INSERT INTO liked VALUES ('anna', 'y'), ('anna', 'x'), ('bert', 'z')")
    catalog = deployed.root / "segments/catalog.yaml"
    more = (
        "attributes:\n"
        "  born: {column: born, type: date}\n"
        "  years: {age_of: born}\n"
        "  mails: {column: mails, type: boolean}\n"
        "  liked: {table: liked, column: provider, type: list}\n"
    )
    catalog.write_text(catalog.read_text().replace("attributes:\n", more))
    deployed.segment("picks", type="players", players=["anna", "gwen"])
    deployed.apply()

    found = rows(export(deployed.context(), Wanted(("picks",), columns=("born", "years", "mails", "liked"))))

    anna, gwen = (tuple(row.values())[3:] for row in found)
    assert anna == (date(1990, 3, 4), 34, True, ["x", "y"])
    assert gwen == (None, None, None, [])


def test_fields_that_there_are_not_are_refused(deployed: Casino) -> None:
    with refused(deployed, "no field `contry`", "Did you mean `country`?"):
        export(deployed.context(), Wanted(("germans",), columns=("contry",)))


def test_personal_fields_need_a_reveal(deployed: Casino) -> None:
    with refused(deployed, "`email` is personal", "--reveal"):
        export(deployed.context(), Wanted(("germans",), columns=("country", "email")))


@ON_BOTH
def test_a_reveal_is_written_down_without_ids_and_values(deployed: Casino) -> None:
    columns = ("country", "email")
    found = export(deployed.context(), Wanted(("germans", "picks"), columns=columns), reveal=True)

    write_down(deployed.context(), found, personal(deployed.context(), columns))

    assert {row["email"] for row in rows(found)} >= {"bert@example.com", None}
    with looking(deployed.context()) as connection:
        entries = audit.log(connection, limit=2)
    assert [(one.action, one.address, one.detail) for one in entries] == [
        ("reveal", "segment.picks", {"columns": ["email"], "players": 4}),
        ("reveal", "segment.germans", {"columns": ["email"], "players": 4}),
    ]


def test_the_forgotten_are_in_no_export(deployed: Casino) -> None:
    deployed.forget("anna")

    assert sets(deployed, left=START) == {}
    assert "anna" not in sets(deployed)["picks"]
