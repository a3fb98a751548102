"""Segments that a query makes: run read-only, as of the instant of the run, matched to players."""

import pytest

from segctl.base.errors import Refused
from segctl.warehouse import duckdb as engine
from tests.support.casino import Casino, change_of, refused
from tests.support.casino_facts import SETTINGS

RECENT = "SELECT player_id FROM payments WHERE occurred_at > :as_of - INTERVAL 7 DAY"


def test_a_query_is_asked_as_of_the_run(casino: Casino) -> None:
    casino.segment("recent", type="sql", query=RECENT)
    casino.apply()
    assert casino.members("recent") == {"anna", "bert", "emil"}
    casino.later(days=2)
    casino.deposit("dora", 5)

    casino.refresh()

    assert casino.members("recent") == {"anna", "dora", "emil"}
    assert casino.causes("recent") == {"data": (1, 1)}
    assert casino.plan().empty


def test_rules_guards_and_limits_narrow_its_rows(casino: Casino) -> None:
    casino.write("segctl.yaml", SETTINGS + "guards: {marketing: {country: {is_set: true}}}\n")
    everybody = "SELECT player_id FROM players"
    casino.segment("germans", {"country": "DE"}, type="sql", query=everybody)
    casino.segment("top", type="sql", query=everybody, limit={"top": 2, "by": "deposit_amount"})
    casino.segment("all", type="sql", query=everybody)
    casino.apply()

    assert casino.members("germans") == {"anna", "bert", "cara", "dora"}
    assert casino.members("top") == {"gwen", "bert"}
    assert len(casino.members("all")) == 9


def test_ids_that_are_no_players_are_counted_and_dropped(casino: Casino) -> None:
    casino.segment(
        "some",
        type="sql",
        query="SELECT 'anna' UNION ALL SELECT 'anna' UNION ALL SELECT 'nobody' UNION ALL SELECT NULL",
    )

    plan = casino.apply()

    assert casino.members("some") == {"anna"}
    assert change_of(plan, "some").unknown_players == 1


def test_an_edited_query_is_a_definition(casino: Casino) -> None:
    casino.segment("recent", type="sql", query=RECENT)
    casino.apply()
    casino.segment("recent", type="sql", query=RECENT.replace("7 DAY", "2 DAY"))

    casino.apply()

    assert casino.causes("recent") == {"definition": (0, 3)}


def test_a_query_that_the_warehouse_cannot_answer_is_refused(casino: Casino) -> None:
    casino.segment("recent", {"country": "DE"})
    casino.apply()
    casino.segment("wrong", type="sql", query="SELECT player_id FROM paymnts")

    with refused(casino, "query", "paymnts"):
        casino.apply()


def test_a_query_that_takes_too_long_is_stopped(casino: Casino, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "QUERY_SECONDS", 0.2)
    endless = (
        "SELECT count(*)::varchar FROM generate_series(1, 1000000) a, generate_series(1, 1000000) b, players c"
    )
    casino.segment("endless", type="sql", query=endless)

    with pytest.raises(Refused, match="stopped"):
        casino.apply()


@pytest.mark.parametrize("query", ["SELECT a FROM glob('/etc/*') g(a)", "SELECT * FROM '/etc/passwd'"])
def test_the_engine_reads_no_files_even_where_the_parser_is_fooled(casino: Casino, query: str) -> None:
    context = casino.context()

    with (
        engine.open_duckdb(str(casino.root / "warehouse.duckdb"), context.clock.zone) as read,
        pytest.raises(Refused),
    ):
        read.rows(query, context.now)
