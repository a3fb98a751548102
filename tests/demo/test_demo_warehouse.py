"""How the demo warehouse is written: the same every time, all or nothing."""

from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest

from segctl.demo.tables import EVENTS, PROFILES
from segctl.demo.warehouse import Progress, write_warehouse

AS_OF = datetime(2026, 11, 1, tzinfo=UTC)


def digests(path: Path) -> dict[str, tuple[int, int]]:
    """Rows and a hash over rows and their order, by table."""
    with duckdb.connect(path, read_only=True) as connection:
        return {
            table: connection.sql(
                f"SELECT count(*), bit_xor(hash(rowid, {table}::VARCHAR)) FROM {table}",
            ).fetchall()[0]
            for table in PROFILES | EVENTS
        }


def test_same_seed_writes_same_rows_in_same_order(tmp_path: Path) -> None:
    write_warehouse(tmp_path / "one.duckdb", players=2_000, seed=7, as_of=AS_OF)
    write_warehouse(tmp_path / "two.duckdb", players=2_000, seed=7, as_of=AS_OF)

    assert digests(tmp_path / "one.duckdb") == digests(tmp_path / "two.duckdb")


def test_other_seed_writes_other_rows(tmp_path: Path) -> None:
    write_warehouse(tmp_path / "one.duckdb", players=500, seed=7, as_of=AS_OF)
    write_warehouse(tmp_path / "two.duckdb", players=500, seed=8, as_of=AS_OF)

    one, two = digests(tmp_path / "one.duckdb"), digests(tmp_path / "two.duckdb")
    assert all(one[table] != two[table] for table in one)


@pytest.mark.parametrize("players", [1, 2, 10])
def test_a_handful_of_players_is_enough(tmp_path: Path, players: int) -> None:
    write_warehouse(tmp_path / "demo.duckdb", players=players, seed=1, as_of=AS_OF, events_per_player=3)

    assert digests(tmp_path / "demo.duckdb")["players"][0] == players


def test_every_table_reports_all_players_done(tmp_path: Path) -> None:
    seen: list[Progress] = []

    write_warehouse(tmp_path / "demo.duckdb", players=500, seed=1, as_of=AS_OF, progress=seen.append)

    assert {each.table for each in seen if each.done == each.total == 500} == {"players", *EVENTS}


@pytest.mark.parametrize("table", ["players", "bets"])
def test_interrupted_run_leaves_no_file(tmp_path: Path, table: str) -> None:
    def interrupt(progress: Progress) -> None:
        if progress.table == table:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_warehouse(tmp_path / "demo.duckdb", players=200, seed=1, as_of=AS_OF, progress=interrupt)

    assert list(tmp_path.iterdir()) == []


def test_finished_run_leaves_one_file(tmp_path: Path) -> None:
    (tmp_path / "o'demo.duckdb").write_text("what was there before")

    write_warehouse(tmp_path / "o'demo.duckdb", players=200, seed=1, as_of=AS_OF)

    assert [each.name for each in tmp_path.iterdir()] == ["o'demo.duckdb"]
    assert digests(tmp_path / "o'demo.duckdb")["players"][0] == 200


def test_naive_as_of_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="time zone"):
        write_warehouse(tmp_path / "demo.duckdb", players=1, seed=1, as_of=AS_OF.replace(tzinfo=None))
