"""The verbs that look: list, show, members, player, history."""

import csv
import io
import json
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from tests.cli.conftest import Cli

NAMES = ["british", "germans", "picks", "snapshot"]

LOOKING = [
    ("list",),
    ("show", "germans"),
    ("members", "germans"),
    ("player", "anna"),
    ("history", "germans"),
    ("audit", "log"),
    ("audit", "verify"),
    ("audit", "checkpoint"),
    ("audit", "prove", "1"),
    ("audit", "export"),
]


def names(out: str) -> list[str]:
    return [row["name"] for row in json.loads(out)]


@pytest.mark.parametrize(
    ("arguments", "found"),
    [
        ((), NAMES),
        (("--tag", "geo"), ["british", "germans"]),
        (("--tag", "geo", "--tag", "core"), ["germans"]),
        (("--type", "players"), ["picks"]),
        (("--sort", "players"), ["british", "picks", "snapshot", "germans"]),
        (("--sort", "-players"), ["germans", "british", "picks", "snapshot"]),
        (("--sort", "-name"), NAMES[::-1]),
        (("--sort", "title"), ["picks", "british", "germans", "snapshot"]),
        (("--type", "static", "--tag", "geo"), []),
    ],
    ids=lambda one: " ".join(one) if isinstance(one, tuple) else "",
)
def test_list_chooses_and_orders(deployed: Cli, arguments: tuple[str, ...], found: list[str]) -> None:
    assert names(deployed("list", *arguments, "--json").out) == found
    assert [row["name"] for row in csv.DictReader(io.StringIO(deployed("list", *arguments, "--csv").out))] == found


def test_list_names_the_types_there_are(deployed: Cli) -> None:
    said = deployed("list", "--type", "bogus")

    assert (said.code, said.out) == (1, "")
    assert "`bogus`" in said.err
    assert all(f"`{name}`" in said.err for name in ("dynamic", "static", "players"))


def test_looking_asks_for_no_variable_of_the_warehouse(deployed: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CASINO_STATE", "sqlite:///.segctl/state.db")
    secret = ("--env", "secret")

    looked = [deployed(*verb, *secret).code for verb in LOOKING]
    planned, refreshed = (deployed.at(verb, *secret) for verb in ("plan", "refresh"))

    assert looked == [0] * len(LOOKING)
    assert planned.code == 0
    assert refreshed.code == 1
    assert "CASINO_WAREHOUSE" in refreshed.err


def test_list_fits_80_columns_and_counts(deployed: Cli) -> None:
    deployed.casino.segment("x" * 63, {"country": "IT"}, title="T" * 200, tags=["a" * 50, "b"], owner="o" * 200)
    deployed.casino.apply()

    lines = deployed("list").out.splitlines()

    assert max(map(len, lines)) <= 80
    assert lines[-1].startswith("5 segments.")
    assert "x" * 63 in deployed("list", "--wide").out


def test_list_knows_the_archived(deployed: Cli) -> None:
    deployed.casino.remove("british")
    deployed.casino.apply()

    assert names(deployed("list", "--json").out) == ["germans", "picks", "snapshot"]
    rows = json.loads(deployed("list", "--archived", "--json").out)
    assert (rows[0]["name"], rows[0]["archived"], rows[0]["players"]) == ("british", True, None)


def test_show_tells_rules_users_and_versions(deployed: Cli) -> None:
    deployed.casino.segment("rich", {"all": [{"in_segment": "germans"}, {"vip_level": {"gte": 2}}]})
    deployed.casino.apply()

    said = deployed("show", "germans").out

    for words in (
        "germans · Germans",
        "country is DE",
        "used by   rich",
        "segments/germans.yaml",
        "create by Ann",
    ):
        assert words in said
    assert "uses      germans" in deployed("show", "rich").out


def test_show_puts_no_other_yaml_beside_what_is_deployed(deployed: Cli) -> None:
    assert "country: DE" in deployed("show", "germans").out

    deployed.casino.segment("germans", {"country": "GB"}, title="Germans")

    assert "country: GB" not in deployed("show", "germans").out


def test_members_by_page_and_form(deployed: Cli, tmp_path: Path) -> None:
    assert deployed("members", "germans", "--count").out == "4\n"
    text = deployed("members", "germans", "--limit", "2", "--offset", "1").out
    assert [line.split()[0] for line in text.splitlines()[1:3]] == ["bert", "cara"]
    assert "4 players, as of 2025-03-01 12:00 UTC. 2 shown" in text
    assert deployed("members", "germans", "--offset", "9").code == 0
    rows = list(csv.reader(io.StringIO(deployed("members", "germans", "--format", "csv", "--limit", "1").out)))
    assert rows == [["player_id", "since"], ["anna", "2025-03-01T12:00:00Z"]]
    said = deployed("members", "germans", "--format", "parquet", "-o", tmp_path / "m.parquet")
    assert "Wrote 4 members" in said.out
    assert pq.read_table(tmp_path / "m.parquet")["player_id"].to_pylist() == ["anna", "bert", "cara", "dora"]
    assert deployed("members", "germans", "--format", "parquet").code == 1


def test_a_player_and_their_history(deployed: Cli) -> None:
    deployed.casino.later(days=1)
    deployed.casino.change("anna", country="GB")
    deployed.casino.refresh()

    page = json.loads(deployed("player", "anna", "--json").out)
    assert [row["segment"] for row in page["segments"]] == ["british", "picks"]
    moves = json.loads(deployed("history", "--player", "anna", "--json").out)
    assert {(row["segment"], row["direction"], row["cause"]) for row in moves[:2]} == {
        ("germans", "left", "data"),
        ("british", "joined", "data"),
    }
    assert [(row["segment"], row["direction"], row["cause"]) for row in page["moves"]] == [
        (row["segment"], row["direction"], row["cause"]) for row in moves
    ]
    assert "jack is in no segment." in deployed("player", "jack").out


def test_a_player_s_page_has_segments_and_moves_and_nothing_of_the_warehouse(deployed: Cli) -> None:
    page = deployed("player", "anna", "--limit", "1").out

    assert page.splitlines()[:3] == [
        "anna is in",
        "SEGMENT  TITLE    SINCE",
        "germans  Germans  2025-03-01 12:00",
    ]
    assert page.count("joined") == 1
    assert "Older ones: segctl history --player ID" in page
    assert "example.com" not in page
    csv_rows = list(csv.DictReader(io.StringIO(deployed("player", "anna", "--csv").out)))
    assert [row["segment"] for row in csv_rows] == ["germans", "picks"]


def test_the_history_of_a_segment_is_counted(deployed: Cli) -> None:
    deployed.casino.later(days=1)
    deployed.casino.change("anna", country="GB")
    deployed.casino.refresh()

    rows = json.loads(deployed("history", "germans", "--json").out)

    assert [(row["state"], row["cause"], row["joined"], row["left"]) for row in rows] == [
        (2, "data", 0, 1),
        (1, "definition", 4, 0),
    ]
    assert len(json.loads(deployed("history", "germans", "--json", "--limit", "1").out)) == 1
