"""A first catalog from databases that are not ours: it is valid as it stands, and says what a person must decide."""

from __future__ import annotations

import re
from pathlib import Path

import duckdb
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from segctl.base.diagnostic import Diagnostic
from segctl.base.errors import Refused
from segctl.base.source import Source, Unreadable
from segctl.demo.warehouse import write_warehouse
from segctl.files.shipped import schema
from segctl.spec.places import catalog_places
from segctl.spec.project import Project, read_project
from segctl.warehouse.check.walk import checked
from segctl.warehouse.infer.names import field_name, plural, singular, subject
from segctl.warehouse.infer.walk import Told
from segctl.warehouse.look import look_at
from segctl.workflow.infer import inferred_catalog
from tests.conftest import CASES
from tests.test_library import AS_OF

SAMPLES = ("chinook", "pagila")


def database(folder: Path, sql: str, name: str = "warehouse") -> str:
    with duckdb.connect(folder / f"{name}.duckdb") as connection:
        connection.execute(sql)
    return f"duckdb:///{folder / name}.duckdb"


def sample(folder: Path, name: str) -> str:
    return database(folder, (CASES / "infer" / f"{name}.sql").read_text(), name)


def inferred(
    url: str,
    *,
    name: str = "sample",
    currency: str | None = None,
    timezone: str | None = None,
    player: str | None = None,
) -> str:
    return inferred_catalog(url, Told(name, currency, timezone, player)).text


def validated(text: str) -> Project:
    return read_project([Source("segments/catalog.yaml", text.encode())], Unreadable, schema)


def compared(text: str, url: str) -> tuple[Diagnostic, ...]:
    project = validated(text)
    assert project.diagnostics == ()
    places = catalog_places([Source("segments/catalog.yaml", text.encode())])
    assert project.catalog is not None
    assert places is not None
    with look_at(url) as look:
        return checked(project.catalog, places, look)


@pytest.mark.parametrize("name", SAMPLES)
def test_a_sample_database_becomes_a_catalog(name: str, tmp_path: Path, *, accept: bool) -> None:
    text = inferred(sample(tmp_path, name), name=name)

    expected = CASES / "infer" / f"{name}.yaml"
    if accept:
        expected.write_text(text)
    assert text == expected.read_text()


def test_what_the_check_finds_is_what_the_file_says_must_be_decided(tmp_path: Path) -> None:
    url = sample(tmp_path, "chinook")
    text = inferred(url)

    (found,) = compared(text, url)
    assert found.code == "SEG315"
    assert text.splitlines()[found.span.line].strip() == "# DECIDE: in which time zone did its clock stand?"

    decided = text.replace("    # timezone: UTC", "    timezone: UTC")
    assert decided != text
    assert compared(decided, url) == ()


def test_a_time_zone_that_is_told_leaves_nothing_to_decide(tmp_path: Path) -> None:
    url = sample(tmp_path, "chinook")

    text = inferred(url, timezone="America/Sao_Paulo", currency="USD")

    assert "DECIDE" not in text
    assert compared(text, url) == ()


def test_a_database_with_time_zones_agrees_at_once(tmp_path: Path) -> None:
    url = sample(tmp_path, "pagila")

    assert compared(inferred(url), url) == ()


def test_the_demo_is_found_again(tmp_path: Path) -> None:
    path = tmp_path / "demo.duckdb"
    write_warehouse(path, players=2_000, seed=1, as_of=AS_OF)
    text = inferred(f"duckdb:///{path}")

    catalog = validated(text).catalog
    assert catalog is not None
    player = catalog.player
    assert (player.table, player.key, player.updated_at) == ("players", "player_id", "updated_at")
    assert set(catalog.events) == {"bets", "bonuses", "crm_events", "payments", "rg_events", "sessions"}
    assert catalog.events["payments"].updated == "updated_at"
    assert catalog.events["payments"].column("amount").source == "base_amount"
    assert catalog.attributes["favourites"].type == "list"
    assert {name for name, one in catalog.attributes.items() if one.pii} == {
        *("username", "first_name", "last_name", "date_of_birth", "email", "phone_number", "postal_code"),
    }
    assert compared(text, f"duckdb:///{path}") == ()


CONTACTS = """
    CREATE TABLE contacts (id INT PRIMARY KEY, email TEXT, phone TEXT);
    CREATE TABLE products (id INT PRIMARY KEY);
    CREATE TABLE calls (contact_id INT, product_id INT);
"""


@pytest.mark.parametrize(
    ("sql", "table", "key"),
    [
        (CONTACTS, "contacts", "id"),
        (
            "CREATE TABLE users (id INT PRIMARY KEY); CREATE TABLE customers (id INT PRIMARY KEY)",
            "customers",
            "id",
        ),
        ("CREATE TABLE dim_player (player_key INT UNIQUE, email TEXT)", "dim_player", "player_key"),
        (
            "CREATE TABLE logins (id INT, user_id INT); CREATE TABLE users AS SELECT 1 AS user_id",
            "users",
            "user_id",
        ),
        ("CREATE SCHEMA crm; CREATE TABLE crm.members (member_no TEXT PRIMARY KEY)", "crm.members", "member_no"),
        ("CREATE TABLE players AS FROM (VALUES (1, 'a'), (1, 'b')) AS t (player_id, code)", "players", "code"),
    ],
)
def test_the_players_are_found(sql: str, table: str, key: str, tmp_path: Path) -> None:
    catalog = validated(inferred(database(tmp_path, sql))).catalog

    assert catalog is not None
    assert (catalog.player.table, catalog.player.key) == (table, key)


def test_the_table_of_players_may_be_told(tmp_path: Path) -> None:
    url = sample(tmp_path, "chinook")

    catalog = validated(inferred(url, player="employee")).catalog
    assert catalog is not None
    assert catalog.player.table == "Employee"

    with pytest.raises(Refused) as refusal:
        inferred(url, player="Custmer")
    assert refusal.value.help == ("Did you mean `Customer`?",)
    with pytest.raises(Refused, match="tells its rows apart"):
        inferred(url, player="PlaylistTrack")


@pytest.mark.parametrize(
    ("sql", "named"),
    [
        ("SELECT 1", []),
        ("CREATE TABLE songs (title TEXT); CREATE TABLE bands (name TEXT)", ["bands", "songs"]),
        ("CREATE TABLE players AS SELECT 1 AS level FROM range(2)", ["players"]),
    ],
)
def test_without_players_nothing_is_guessed(sql: str, named: list[str], tmp_path: Path) -> None:
    with pytest.raises(Refused, match="No table looks as if") as refusal:
        inferred(database(tmp_path, sql))

    assert sorted(re.findall("`(.*?)`", refusal.value.help[0])) == named


MONEY = """
    CREATE TABLE players (player_id INT PRIMARY KEY, currency TEXT, balance DECIMAL(9,2), balance_eur DECIMAL(9,2));
    CREATE TABLE orders (order_id INT PRIMARY KEY, player_id INT, created_at TIMESTAMPTZ, currency TEXT,
      price DECIMAL(9,2), tax DECIMAL(9,2), tax_base DECIMAL(9,2), tax_rate DECIMAL(9,2));
    INSERT INTO players VALUES (1, 'EUR', 1, 1), (2, 'SEK', 1, 1);
    INSERT INTO orders VALUES (1, 1, '2026-01-01', 'EUR', 1, 1, 1, 1), (2, 2, '2026-01-01', 'SEK', 1, 1, 1, 1);
"""


def test_amounts_in_several_currencies_are_read_in_one(tmp_path: Path) -> None:
    url = database(tmp_path, MONEY)
    text = inferred(url)
    catalog = validated(text).catalog

    assert catalog is not None
    orders = {column.name: (column.type, column.source) for column in catalog.events["orders"].columns}
    assert orders["tax"] == ("money", "tax_base")
    assert (orders["price"][0], orders["tax_rate"][0]) == ("number", "number")
    assert "Amounts in several currencies" in text
    assert "balance_eur" not in catalog.attributes
    assert "currency: EUR # DECIDE" in text
    assert compared(text, url) == ()


def test_one_currency_everywhere_is_that_of_the_catalog(tmp_path: Path) -> None:
    text = inferred(database(tmp_path, MONEY.replace("'EUR'", "'SEK'")))

    assert "\ncurrency: SEK\n" in text
    assert "DECIDE" not in text


def test_values_are_written_as_they_are_and_do_nothing(tmp_path: Path) -> None:
    values = ["##[error]x", "::warning::y", "NO", "010", "null", 'a"b', "it's: {x}", "é", "2024-01-01", "a\\b"]
    url = database(tmp_path, "CREATE TABLE players (player_id INTEGER, status VARCHAR)")
    with duckdb.connect(url.removeprefix("duckdb:///")) as connection:
        rows = [(at, value) for at, value in enumerate(values * 5)]
        connection.executemany("INSERT INTO players VALUES (?, ?)", rows)

    text = inferred(url)

    catalog = validated(text).catalog
    assert catalog is not None
    assert sorted(catalog.attributes["status"].values) == sorted(values)
    assert not re.search(r"^\s*::|##\[", text, re.MULTILINE)
    assert compared(text, url) == ()


NAMES = st.sampled_from(
    [
        *(
            "id",
            "player_id",
            "PlayerId",
            "name",
            "email",
            "created_at",
            "Created",
            "updated_at",
            "amount",
            "currency",
        ),
        *("status", "kind", "event", "all", "count", "none", "money", "rule", "größe", "a b", "1st", "_", "__x"),
        *(
            "date_of_birth",
            "dob",
            "age",
            "balance",
            "base_balance",
            "No",
            "Null",
            "password",
            "a\nb",
            "\u202ex",
            'q"q',
        ),
        *(
            "##[error]x",
            "::x",
            "total",
            "price_usd",
            "time",
            "tags",
            "value",
            "between",
            "is_set",
            "during",
            "naïve",
        ),
        *("x" * 70, "y" * 63, "row_id", "last_update", "ingested_at"),
    ]
)
TYPES = st.sampled_from(
    [
        *(
            "INTEGER",
            "VARCHAR",
            "DOUBLE",
            "DECIMAL(9,2)",
            "DECIMAL(9,0)",
            "BOOLEAN",
            "DATE",
            "TIMESTAMP",
            "TIMESTAMPTZ",
        ),
        *("VARCHAR[]", "BLOB", "UUID", "JSON"),
    ]
)
TABLES = st.sampled_from(
    ["bets", "Bets2", "player_tags", "player events", "all", "Order", "события", "dim_x", "d\ne"]
)
COLUMNS = st.lists(st.tuples(NAMES, TYPES), min_size=1, max_size=12, unique_by=lambda column: column[0].lower())


def quoted(name: str) -> str:
    escaped = name.replace('"', '""')
    return f'"{escaped}"'


@example(
    players=[("id", "INTEGER")],
    others={
        "bets": [("id", "INTEGER")],
        "Bets2": [("id", "INTEGER")],
        "player events": [("id", "INTEGER")],
        "player_tags": [("id", "TIMESTAMP"), ("No", "INTEGER"), ("y" * 62, "DECIMAL(9,2)")],
    },
    keyed=set(),
    rows=0,
)
@settings(max_examples=20)
@given(
    players=COLUMNS,
    others=st.dictionaries(TABLES, COLUMNS, max_size=4),
    keyed=st.sets(TABLES),
    rows=st.integers(0, 3),
)
def test_whatever_a_database_looks_like_the_catalog_is_valid(
    players: list[tuple[str, str]],
    others: dict[str, list[tuple[str, str]]],
    keyed: set[str],
    rows: int,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    """Only what the file says must be decided is left for the check to find."""
    statements = [f"CREATE TABLE players (k_id INTEGER PRIMARY KEY, {defined(players)})"]
    statements += [f"INSERT INTO players (k_id) VALUES ({row})" for row in range(rows)]
    for name, columns in others.items():
        own = ", own_id INTEGER PRIMARY KEY" if name in keyed else ""
        statements.append(
            f"CREATE TABLE {quoted(name)} (k_id INTEGER REFERENCES players{own}, {defined(columns)})"
        )
    url = database(tmp_path_factory.mktemp("any"), ";".join(statements))

    text = inferred(url, player="players")

    found = compared(text, url)
    assert {one.code for one in found} <= {"SEG315"}
    assert len(found) == text.count("# DECIDE: in which time zone")


def defined(columns: list[tuple[str, str]]) -> str:
    return ", ".join(f"{quoted(name)} {kind}" for name, kind in columns)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("CustomerId", "customer_id"),
        ("IPAddress", "ip_address"),
        ("last_login_at", "last_login_at"),
        ("Count", "count"),
        ("All", "all_value"),
        ("_2fa", "field_2_fa"),
    ],
)
def test_names_become_names_of_fields(name: str, expected: str) -> None:
    assert field_name(name) == expected


@pytest.mark.parametrize(
    ("many", "one"),
    [
        ("players", "player"),
        ("countries", "country"),
        ("boxes", "box"),
        ("address", "address"),
        ("statuses", "status"),
        ("bonus", "bonus"),
        ("bonuses", "bonus"),
    ],
)
def test_words_in_the_singular(many: str, one: str) -> None:
    assert singular(many) == one
    assert singular(plural(one)) == one
    assert subject(f"crm.dim_{many}") == [one]
