"""The walks of a project whose warehouse is PostgreSQL: the same casino, the same members."""

from __future__ import annotations

import duckdb
import psycopg
import pytest

from segctl.model.needs import needs
from segctl.warehouse import postgres as engine
from segctl.warehouse.read import open_warehouse
from segctl.workflow.facts import facts_of
from tests.support.casino import Casino, refused
from tests.support.postgres_world import write_tables

RECENT = "SELECT player_id FROM payments WHERE occurred_at > :as_of - INTERVAL '7 days'"


@pytest.fixture
def moved(casino: Casino, postgres: str) -> Casino:
    """The casino with its tables on PostgreSQL."""
    settings = casino.root / "segctl.yaml"
    text = settings.read_text()
    assert "duckdb:///warehouse.duckdb" in text
    settings.write_text(text.replace("duckdb:///warehouse.duckdb", "${WAREHOUSE}"))
    casino.variables["WAREHOUSE"] = postgres
    path = casino.root / "warehouse.duckdb"
    with duckdb.connect(str(path)) as source, psycopg.connect(postgres) as target, target.cursor() as cursor:
        names = [name for (name,) in source.execute("SELECT table_name FROM duckdb_tables()").fetchall()]
        write_tables(cursor, {name: source.sql(f"SELECT * FROM {name}").to_arrow_table() for name in names})
    path.unlink()
    return casino


def told(casino: Casino, statement: str) -> None:
    with psycopg.connect(casino.variables["WAREHOUSE"], autocommit=True) as connection:
        connection.execute(statement)


def test_a_plan_is_made_applied_and_refreshed(moved: Casino) -> None:
    moved.segment("payers", {"all": [{"country": "DE"}, {"deposit_amount": {"gte": 100}}]})
    moved.segment("recent", type="sql", query=RECENT)
    moved.apply()

    assert moved.members("payers") == {"anna", "bert"}
    assert moved.members("recent") == {"anna", "bert", "emil"}
    assert moved.plan().empty

    told(moved, "INSERT INTO payments SELECT 99, 'cara', now() - interval '30 years', now(), 'deposit', 500")
    moved.later(days=1)
    moved.refresh()

    assert moved.members("payers") == {"anna", "bert", "cara"}


def test_questions_on_several_connections_find_the_same(moved: Casino, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "PARALLEL_PLAYERS", 0)
    moved.segment("payers", {"any": [{"deposit_amount": {"gte": 100}}, {"deposit_count": {"gte": 2}}]})
    moved.segment("recent", type="sql", query=RECENT)

    moved.apply()

    assert "anna" in moved.members("payers")
    assert moved.members("recent") == {"anna", "bert", "emil"}


def test_what_fails_on_one_of_several_connections_is_told(moved: Casino, monkeypatch: pytest.MonkeyPatch) -> None:
    moved.segment("germans", {"country": "DE"})
    moved.apply()
    monkeypatch.setattr(engine, "PARALLEL_PLAYERS", 0)
    moved.later(days=1)
    told(moved, "ALTER TABLE payments ALTER amount TYPE text")
    moved.segment("payers", {"all": [{"deposit_amount": {"gte": 100}}, {"vip_level": {"gte": 0}}]})

    with refused(moved, "SQLSTATE"):
        moved.apply()


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("DROP TABLE payments", ("payments", "catalog.yaml")),
        ("ALTER TABLE players DROP COLUMN vip_level", ("vip_level", "catalog.yaml")),
        ("INSERT INTO players SELECT * FROM players WHERE player_id = 'anna'", ("not unique", "11", "10")),
        ("ALTER TABLE players ALTER vip_level TYPE text", ("vip_level", "integer")),
        ("ALTER TABLE players ALTER vip_level TYPE money", ("vip_level", "money")),
        ("ALTER TABLE payments ALTER occurred_at TYPE timestamp", ("occurred_at", "timezone")),
    ],
)
def test_what_the_catalog_does_not_say_is_refused(moved: Casino, statement: str, words: tuple[str, ...]) -> None:
    moved.segment("germans", {"country": "DE"})
    moved.apply()
    moved.later(days=1)
    moved.segment("payers", {"all": [{"vip_level": {"gte": 1}}, {"deposit_count": {"gte": 0}}]})
    told(moved, statement)

    with refused(moved, *words):
        moved.apply()


def test_a_query_of_another_engine_is_refused_with_the_way_out(moved: Casino) -> None:
    moved.segment("germans", {"country": "DE"})
    moved.apply()
    moved.segment("wrong", type="sql", query="SELECT player_id FROM players QUALIFY row_number() OVER () < 3")

    with refused(moved, "query"):
        moved.apply()


SIDE_EFFECTS = (
    "SELECT pg_read_file('/etc/passwd')",
    "SELECT x FROM dblink('host=evil', 'SELECT 1') AS t(x text)",
    "SELECT lo_import('/etc/passwd')::text",
    "SELECT lo_unlink(1)::text",
    "SELECT set_config('role', 'postgres', false)",
    "SELECT pg_advisory_lock(1)::text",
    "SELECT nextval('tickets')::text",
    "SELECT pg_notify('x', 'y')::text",
    "SELECT pg_terminate_backend(1)::text",
    "SELECT query_to_xml('DELETE FROM players', true, true, '')::text",
    "SELECT current_setting('data_directory')",
    "SELECT public.pg_sleep(10)::text",
    "SELECT pg_ls_dir('.')",
    "SELECT player_id FROM players FOR UPDATE",
    "SELECT player_id FROM players; COMMIT; DELETE FROM players",
    "SELECT player_id FROM players) AS q (id); COMMIT; DELETE FROM players; SELECT (1",
    "SELECT $q$ $q$ || player_id FROM players WHERE random() > 0",
)


@pytest.mark.parametrize("query", SIDE_EFFECTS)
def test_a_query_that_does_more_than_read_does_not_run(moved: Casino, query: str) -> None:
    """Asked of the engine itself, as if nobody had looked at the document before."""
    context = moved.context()
    with open_warehouse(context.warehouse, context.clock.zone) as read, pytest.raises(engine.Refused) as refusal:
        read.rows(query, context.now)

    assert "may not run on PostgreSQL" in refusal.value.message
    assert refusal.value.help


def test_a_comment_at_the_end_ends_with_its_line(moved: Casino) -> None:
    context = moved.context()
    with open_warehouse(context.warehouse, context.clock.zone) as read:
        assert read.rows(
            "SELECT player_id FROM players WHERE vip_level = 4 -- the best", context.now
        ).to_pylist() == ["ines"]


def test_explain_reads_one_player(moved: Casino) -> None:
    moved.segment("payers", {"all": [{"country": "DE"}, {"deposit_amount": {"gte": 100}}]})
    project = moved.loaded().project
    assert project.catalog is not None
    rules = [one.rules for one in project.segments.values() if one.rules is not None]
    wanted = needs(rules, (), project.catalog)
    context = moved.context()
    with open_warehouse(context.warehouse, context.clock.zone) as read:
        found = facts_of("anna", wanted, project.catalog, read)

    assert found is not None
    assert found.attributes["country"] == "DE"
    assert len(found.events["payments"]) == 2
