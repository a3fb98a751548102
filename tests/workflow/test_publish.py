"""Published tables: what they hold after anything that may happen to a state, and what a pass touches of them."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import duckdb
import psycopg
import pyarrow.parquet as pq
import pytest
from pyroaring import BitMap

from segctl.base.errors import Refused
from segctl.publish.mirror import Put
from segctl.store import definitions, membership, players
from segctl.store.engine import open_state, writing
from segctl.store.grants import grants
from segctl.store.state import upgrade
from tests.support.casino import Casino, refused
from tests.support.postgres import url
from tests.support.publishing import KINDS, Reader, address_of, agree, expected, published, publishing

HOSTILE = [
    "tab\tbed", "new\nline", "back\\slash", "\\N", "\\.", "a\n\\.\nb", "cr\r", "quote'\"", "", " ", "é\u202e🎲", "007",
    "'; DROP TABLE segment_members; --", "{}", "%s", "$1", "NULL",
]  # fmt: skip
DEPOSIT = {"event": "payments", "where": {"kind": "deposit"}}


@pytest.fixture(params=KINDS)
def reader(request: pytest.FixtureRequest, casino: Casino) -> Reader:
    """A casino with segments of all kinds that publishes to an empty mirror."""
    casino.segment("germans", {"country": "DE"})
    casino.segment("high", {"vip_level": {"gte": 2}})
    casino.segment("picks", type="players", players=["anna", "ghost", "gwen"])
    casino.segment("payers", type="triggered", enter=DEPOSIT, **{"for": "30d"})
    casino.segment("snapshot", {"vip_level": {"gte": 1}}, type="static")
    casino.segment("nobody", {"country": "XX"})
    casino.apply()
    return publishing(casino, address_of(request.param, request))


def stop_at_guard(casino: Casino, player: str) -> None:
    """From now on this player does not pass the guard of marketing, and no segment was evaluated since."""
    with writing(open_state(casino.context().state), lock_timeout_seconds=10) as connection:
        guard = definitions.deployed(connection)["guard.marketing"].object_id
        held = membership.load(connection, [guard])[guard]
        number = players.find(connection, player)
        assert number is not None
        membership.save(connection, [replace(held, members=held.members - BitMap([number]))])


def moving(casino: Casino) -> None:
    """A day on which somebody leaves, somebody joins, and a member of a triggered segment enters again."""
    casino.later(days=1)
    casino.change("anna", country="GB")
    casino.change("emil", country="DE", vip_level=4)
    casino.deposit("bert", 10)
    casino.refresh()


def test_the_first_pass_puts_all_members_and_all_moves(reader: Reader) -> None:
    moving(reader.casino)
    done = published(reader.casino)

    agree(reader)
    assert (done.before, done.serial, done.segments) == (None, 2, 6)
    assert done.put == Put(added=len(reader.members), told=len(reader.moves))
    assert done.members == len(reader.members)


def test_a_pass_writes_what_moved(reader: Reader) -> None:
    published(reader.casino)
    moving(reader.casino)
    done = published(reader.casino)

    agree(reader)
    # emil joined two; anna left one, and cara, by time; bert, who was in, has entered again
    assert done.put == Put(added=2, removed=2, renewed=1, told=4)
    assert (done.before, done.serial) == (1, 2)


def test_several_runs_are_one_pass(reader: Reader) -> None:
    published(reader.casino)
    for country in ("GB", "DE", "GB", "DE"):
        reader.casino.later(days=1)
        reader.casino.change("cara", country=country)
        reader.casino.refresh()
    done = published(reader.casino)

    agree(reader)
    # she is where she was, since another run
    assert (done.put.added, done.put.removed) == (0, 1)
    assert [
        player for name, player, since in reader.members if name == "germans" and since == reader.casino.now
    ] == ["cara"]


def test_what_is_up_to_date_is_not_written(reader: Reader) -> None:
    published(reader.casino)
    before = reader.members
    again = published(reader.casino)

    assert (again.before, again.put, again.mended) == (1, Put(), None)
    assert reader.members == before


def test_archived_renamed_and_recovered_segments(reader: Reader) -> None:
    casino = reader.casino
    published(casino)
    casino.remove("high")
    casino.remove("germans")
    casino.segment("de", {"country": "DE"}, renamed_from="germans")
    casino.later(days=1)
    casino.apply()
    published(casino)
    agree(reader)
    assert {one[0] for one in reader.members} == {"de", "picks", "payers", "snapshot"}
    assert {one[2] for one in reader.moves} == {"de", "high", "picks", "payers", "snapshot"}

    casino.segment("high", {"vip_level": {"gte": 3}})
    casino.later(days=1)
    casino.apply()
    published(casino)
    agree(reader)
    assert "high" in {one[0] for one in reader.members}


def test_names_that_change_hands_between_two_passes(reader: Reader) -> None:
    casino = reader.casino
    published(casino)
    casino.remove("germans")
    casino.segment("first", {"country": "DE"}, renamed_from="germans")
    casino.later(days=1)
    casino.apply()
    casino.remove("high")
    casino.segment("second", {"vip_level": {"gte": 2}}, renamed_from="high")
    casino.later(days=1)
    casino.apply()
    casino.remove("second")
    casino.later(days=1)
    casino.apply()
    published(casino)

    agree(reader)
    assert {one[2] for one in reader.moves} == {"first", "second", "picks", "payers", "snapshot"}
    full = published(casino, full=True)
    assert full.mended == Put()


def test_who_was_forgotten_leaves_both_tables(reader: Reader) -> None:
    casino = reader.casino
    moving(casino)
    published(casino)
    assert [one for one in reader.moves if one[3] == "anna"]
    casino.later(days=1)
    casino.forget("anna", "CS-1")
    published(casino)

    assert "anna" not in repr(reader.members) + repr(reader.moves)
    assert reader.address.startswith(("duckdb", "postgres")) or not _bytes_of(reader, "anna")
    agree(reader)


def test_who_was_forgotten_and_came_back_is_somebody_new(reader: Reader) -> None:
    casino = reader.casino
    moving(casino)
    published(casino)
    casino.forget("anna", "CS-1")
    casino.later(days=1)
    casino.refresh()
    done = published(casino)

    assert "anna" in {one[1] for one in reader.members}
    assert {one[0] for one in reader.moves if one[3] == "anna"} == {4}
    assert done.put.untold
    agree(reader)


def test_guards_hold(reader: Reader) -> None:
    """Who passes the guard no more is kept back, though the last run of their segment still has them.

    Runs evaluate both together; should a guard ever be known of a later instant, it is asked.
    """
    casino = reader.casino
    guard = "guards: {marketing: {all: [{vip_level: {gte: 0}}]}}\n"
    casino.write("segctl.yaml", (casino.root / "segctl.yaml").read_text() + guard)
    casino.later(days=1)
    casino.apply()
    published(casino)
    assert "jack" not in {one[1] for one in reader.members}
    agree(reader)
    casino.later(days=1)
    stop_at_guard(casino, "cara")
    casino.segment("new", {"country": "IT"})
    casino.apply()
    done = published(casino)

    assert "cara" in casino.members("germans")
    assert "cara" not in {one[1] for one in reader.members}
    assert done.held == 3
    assert published(casino, full=True).mended == Put()
    casino.later(days=1)
    casino.refresh()
    assert published(casino).held == 0
    agree(reader)


def test_hostile_ids_are_ids(reader: Reader) -> None:
    casino = reader.casino
    published(casino)
    casino.sql("INSERT INTO players SELECT unnest(?), 'DE', 9, NULL, NULL, ?", HOSTILE, casino.now)
    casino.later(days=1)
    casino.refresh()
    published(casino)

    assert {one[1] for one in reader.members if one[0] == "germans"} >= set(HOSTILE)
    agree(reader)
    assert published(casino, full=True).mended == Put()


def test_full_finds_nothing_where_nobody_wrote(reader: Reader) -> None:
    published(reader.casino)
    moving(reader.casino)
    done = published(reader.casino, full=True)

    assert (done.put.rows, done.mended) == (9, Put())
    agree(reader)


@pytest.mark.parametrize("reader", ["duckdb", "postgres"], indirect=True)
def test_full_puts_right_what_was_written_by_hand(reader: Reader) -> None:
    casino = reader.casino
    moving(casino)
    published(casino)
    moves = reader.moves
    reader.sql("DELETE FROM segment_members WHERE player_id = 'gwen'")
    reader.sql("UPDATE segment_members SET since = NULL WHERE player_id = 'ghost'")
    reader.sql("INSERT INTO segment_members VALUES ('high', 'mallory', now()), ('made-up', 'anna', now())")
    reader.sql("DELETE FROM segment_changes WHERE player_id = 'emil'")
    reader.sql("UPDATE segment_changes SET cause = 'magic' WHERE player_id = 'hugo'")
    gone = len([one for one in expected(casino) if one[1] == "gwen"])
    hugo = len([one for one in moves if one[3] == "hugo"])
    emil = len([one for one in moves if one[3] == "emil"])
    done = published(casino, full=True)

    assert done.mended == Put(added=gone, removed=2, renewed=1, told=emil + hugo, untold=hugo)
    assert sorted(reader.moves) == sorted(moves)
    agree(reader)
    assert published(casino, full=True).mended == Put()


@pytest.mark.parametrize("reader", ["duckdb", "postgres"], indirect=True)
def test_full_makes_a_table_that_is_gone(reader: Reader) -> None:
    published(reader.casino)
    reader.sql("DROP TABLE segment_changes")
    moving(reader.casino)
    with pytest.raises(Refused, match="lacks a table") as refusal:
        published(reader.casino)
    assert refusal.value.help == ("Put it right: segctl publish --full",)
    published(reader.casino, full=True)

    agree(reader)


@pytest.mark.parametrize("reader", ["duckdb", "postgres"], indirect=True)
def test_full_takes_rows_out_that_stand_twice(reader: Reader) -> None:
    published(reader.casino)
    if reader.address.startswith("postgres"):
        reader.sql("DROP INDEX segment_members_key")
        reader.sql("DROP INDEX segment_changes_key")
    for table in ("segment_members", "segment_changes"):
        reader.sql(f"INSERT INTO {table} SELECT * FROM {table}")
    done = published(reader.casino, full=True)

    assert done.mended == Put(removed=done.members, untold=len(reader.moves))
    agree(reader)


@pytest.mark.parametrize("reader", ["parquet"], indirect=True)
def test_full_puts_files_right(reader: Reader) -> None:
    casino = reader.casino
    published(casino)
    members = reader.path / "current/segment_members"
    (members / "germans.parquet").write_bytes(b"broken")
    (members / "high.parquet").unlink()
    (members / "made-up.parquet").write_bytes((members / "picks.parquet").read_bytes())
    (members / "nobody.parquet").unlink()
    (members / "nobody.parquet").write_bytes((members / "picks.parquet").read_bytes())
    moving(casino)
    with pytest.raises(Refused, match="is not as segctl wrote it"):
        published(casino)
    done = published(casino, full=True)

    assert done.mended is not None
    assert done.mended.added
    assert {path.stem for path in (reader.path / "current/segment_members").iterdir()} == {
        *("germans", "high", "picks", "payers", "snapshot", "nobody", "_none")
    }
    agree(reader)
    assert published(casino, full=True).mended == Put()


@pytest.mark.parametrize("reader", ["postgres"], indirect=True)
def test_rows_that_did_not_move_are_not_written(reader: Reader) -> None:
    """On PostgreSQL a row that is written has another place and another transaction."""
    published(reader.casino)
    places = "SELECT segment, player_id, ctid::text, xmin::text FROM segment_members"
    before = {row[:2]: row[2:] for row in reader.sql(places)}
    moving(reader.casino)
    published(reader.casino)
    after = {row[:2]: row[2:] for row in reader.sql(places)}

    assert {key for key in after if before.get(key) != after[key]} == {
        ("germans", "emil"), ("high", "emil"), ("payers", "bert")
    }  # fmt: skip
    published(reader.casino, full=True)
    assert {row[:2]: row[2:] for row in reader.sql(places)} == after


@pytest.mark.parametrize("reader", ["parquet"], indirect=True)
def test_files_that_did_not_change_are_the_same_files(reader: Reader) -> None:
    published(reader.casino)
    before = _inodes(reader)
    moving(reader.casino)
    published(reader.casino)
    after = _inodes(reader)

    assert {name for name in after if before.get(name) != after[name]} == {
        "segment_members/germans.parquet",
        "segment_members/high.parquet",
        "segment_members/payers.parquet",
        "segment_members/_none.parquet",
        "segment_changes/2025-03-02.parquet",
        "segment_changes/_none.parquet",
    }


@pytest.mark.parametrize("reader", ["parquet"], indirect=True)
def test_who_reads_a_generation_may_go_on_until_the_next_but_one(reader: Reader) -> None:
    published(reader.casino)
    first = (reader.path / "current").resolve()
    moving(reader.casino)
    published(reader.casino)
    second = (reader.path / "current").resolve()
    assert (first.is_dir(), second.is_dir()) == (True, True)
    moving(reader.casino)
    published(reader.casino)

    assert (first.is_dir(), second.is_dir()) == (False, True)
    assert len(list((reader.path / "generations").iterdir())) == 2


def test_another_state_is_refused(reader: Reader) -> None:
    casino = reader.casino
    published(casino)
    before = reader.members
    casino.forget_state()
    casino.apply()
    for full in (False, True):
        with refused(casino, "another state", "Give another address"):
            published(casino, full=full)

    assert reader.members == before


def test_a_state_from_a_backup_is_compared_in_full(reader: Reader) -> None:
    casino = reader.casino
    published(casino)
    bring_back = casino.kept()
    moving(casino)
    published(casino)
    bring_back()
    with refused(casino, "tells of state 2", "is at 1", "segctl publish --full"):
        published(casino)
    casino.later(days=1)
    casino.change("hugo", country="DE")
    casino.refresh()
    with refused(casino, "audit log", "segctl publish --full"):
        published(casino)
    done = published(casino, full=True)

    assert done.mended is not None
    assert done.mended.rows
    agree(reader)


def test_a_place_that_is_somebody_s_is_refused(reader: Reader) -> None:
    if reader.address.startswith("parquet"):
        (reader.path / "current").mkdir(parents=True)
        with refused(reader.casino, "current"):
            published(reader.casino)
        return
    other = Reader(reader.casino, reader.address, "public" if reader.address.startswith("postgres") else "main")
    publishing(reader.casino, reader.address, other.schema)
    (reader.casino.root / "out").mkdir(exist_ok=True)
    other.sql("CREATE TABLE segment_members (mine integer)")
    with refused(reader.casino, "segment_members", "did not make", "schema"):
        published(reader.casino)
    assert other.sql("SELECT count(*) FROM segment_members") == [(0,)]


@pytest.mark.parametrize("reader", ["postgres"], indirect=True)
@pytest.mark.parametrize("schema", ["segctl", "pg_catalog", "information_schema"])
def test_schemas_of_others_are_refused(reader: Reader, schema: str) -> None:
    publishing(reader.casino, reader.address, schema)
    with refused(reader.casino, schema, "Choose another `schema`"):
        published(reader.casino)


@pytest.mark.parametrize("address", ["duckdb:///warehouse.duckdb", "duckdb:///x/../warehouse.duckdb"])
def test_the_warehouse_is_refused(casino: Casino, address: str) -> None:
    casino.segment("germans", {"country": "DE"})
    casino.apply()
    publishing(casino, address)
    with refused(casino, "only reads"):
        published(casino)


def test_nowhere_to_publish_is_refused(casino: Casino) -> None:
    casino.segment("germans", {"country": "DE"})
    casino.apply()
    with refused(casino, "Nothing says where", "publish:"):
        published(casino)


@pytest.mark.parametrize("address", ["mysql://h/x", "s3://bucket/x", "nothing"])
def test_other_addresses_are_refused(casino: Casino, address: str) -> None:
    casino.segment("germans", {"country": "DE"})
    casino.apply()
    publishing(casino, address)
    with refused(casino, "cannot be published to", "postgresql://"):
        published(casino)


def test_an_environment_has_a_place_of_its_own(casino: Casino) -> None:
    casino.segment("germans", {"country": "DE"})
    casino.apply()
    publishing(casino, "parquet:///shared")
    settings = (casino.root / "segctl.yaml").read_text()
    first = "    state: sqlite:///.segctl/state.db\n"
    casino.write("segctl.yaml", settings.replace(first, f'{first}    publish: "${{OWN}}"\n'))
    casino.variables["OWN"] = "duckdb:///own.duckdb"
    published(casino)

    assert ((casino.root / "own.duckdb").exists(), (casino.root / "shared").exists()) == (True, False)


@pytest.mark.parametrize("schema", ["Mixed_Case", "select", "published", "temp", "_"])
@pytest.mark.parametrize("reader", ["duckdb", "postgres"], indirect=True)
def test_any_schema_will_do(reader: Reader, schema: str) -> None:
    other = publishing(reader.casino, reader.address, schema)
    published(reader.casino)
    moving(reader.casino)
    published(reader.casino)

    agree(other)


def test_a_folder_may_be_called_like_a_pattern(casino: Casino) -> None:
    casino.segment("germans", {"country": "DE"})
    casino.apply()
    reader = publishing(casino, "parquet:///o'ut/[a-z]*/{x}")
    for _ in range(2):
        published(casino)
        moving(casino)
    published(casino)

    agree(reader)
    assert published(casino, full=True).mended == Put()


def test_an_id_with_a_nul_goes_where_it_can(casino: Casino, request: pytest.FixtureRequest) -> None:
    casino.segment("picks", type="players", players=["anna"])
    casino.sql("INSERT INTO players VALUES ('nul' || chr(0), 'DE', 9, NULL, NULL, ?)", casino.now)
    casino.segment("germans", {"country": "DE"})
    casino.apply()
    for kind in ("duckdb", "parquet"):
        reader = publishing(casino, address_of(kind, request))
        published(casino)
        agree(reader)
    publishing(casino, address_of("postgres", request))
    with refused(casino, "NUL", "DuckDB or Parquet"):
        published(casino)


def test_a_postgres_that_is_not_there_is_refused(casino: Casino) -> None:
    casino.segment("germans", {"country": "DE"})
    casino.apply()
    publishing(casino, "postgresql://u:hidden-secret@127.0.0.1:1/x")
    with refused(casino, "cannot be reached", "127.0.0.1:1/x"):
        published(casino)


def test_a_role_without_rights_is_told(casino: Casino, postgres: str) -> None:
    casino.segment("germans", {"country": "DE"})
    casino.apply()
    role = f"reader_{os.getpid()}"
    with psycopg.connect(postgres, autocommit=True) as connection:
        connection.execute(f"CREATE ROLE {role} LOGIN")
        try:
            publishing(casino, url(postgres, user=role))
            with refused(casino, "does not let this role", "docs/publishing.md"):
                published(casino)
        finally:
            connection.execute(f"DROP ROLE {role}")


def test_the_state_s_format_and_serial_are_left_alone(reader: Reader) -> None:
    before = reader.casino.stored()
    published(reader.casino)

    assert reader.casino.stored() == before


def test_on_the_state_s_own_server(casino: Casino, postgres: str) -> None:
    casino.move_to_postgres(postgres)
    upgrade(open_state(postgres), casino.now)
    casino.segment("germans", {"country": "DE"})
    casino.apply()
    reader = publishing(casino, postgres)
    published(casino)
    moving(casino)
    published(casino)

    agree(reader)


def test_a_role_that_is_held_to_a_scope_publishes_nothing(casino: Casino, postgres: str) -> None:
    casino.move_to_postgres(postgres)
    casino.segment("germans", {"vip_level": {"gte": 1}}, scope={"country": "DE"})
    casino.apply()
    reader = publishing(casino, "duckdb:///out/published.duckdb")
    with psycopg.connect(postgres, autocommit=True) as connection:
        connection.execute("CREATE ROLE held_to_germany LOGIN")
        for line in grants("held_to_germany", reader=True, scope=["country=DE"]):
            connection.execute(line)
    try:
        casino.point_at(url(postgres, user="held_to_germany"))
        with pytest.raises(Refused, match="held to a scope"):
            published(casino)
        assert duckdb_tables(reader) == 0
    finally:
        with psycopg.connect(postgres, autocommit=True) as connection:
            connection.execute("DROP OWNED BY held_to_germany; DROP ROLE held_to_germany")


def duckdb_tables(reader: Reader) -> int:
    with duckdb.connect(str(reader.path)) as file:
        return len(file.execute("SELECT * FROM duckdb_tables()").fetchall())


def _bytes_of(reader: Reader, word: str) -> list[str]:
    """The files of a folder that hold a word, as text or in the dictionaries of Parquet."""
    files = [path for path in reader.path.rglob("*.parquet") if not path.is_symlink()]
    return [str(path) for path in files if word in repr(pq.ParquetFile(path).read().to_pylist())]


def _inodes(reader: Reader) -> dict[str, int]:
    inside = Path(os.path.realpath(reader.path / "current"))
    return {str(path.relative_to(inside)): path.stat().st_ino for path in inside.rglob("*.parquet")}
