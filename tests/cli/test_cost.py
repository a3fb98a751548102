"""segctl cost: what a segment adds to a run, told and measured."""

import json

import pytest

from tests.cli.conftest import Cli
from tests.support.casino import Casino


@pytest.fixture
def asked(cli: Cli, casino: Casino) -> Cli:
    casino.segment("germans", {"country": "DE"}, purpose="analysis")
    casino.segment("rich", {"all": [{"country": "DE"}, {"deposit_count": {"gte": 1}}]}, purpose="analysis")
    casino.segment("picks", type="players", players=["anna", "bert"], purpose="analysis")
    casino.segment(
        "asked", type="sql", query="SELECT player_id FROM players WHERE vip_level > 2", purpose="analysis"
    )
    assert cli.at("apply", "--auto-approve", "--allow", "sql").code == 0
    return cli


def test_what_only_it_asks_for_is_told_and_measured(asked: Cli) -> None:
    said = asked("cost", "rich")
    told = json.loads(asked("cost", "rich", "--json").out)

    assert "It asks for 2 facts; 1 it shares, and 1 only it needs:" in said.out
    assert "Measured now, by reading just that: " in said.out
    assert said.out.endswith("Where the time of a whole run goes:  segctl refresh --timings\n")
    assert [(one["facts"], one["own"], one["shared_with"]) for one in told["conditions"]] == [(1, 0, 1), (1, 1, 0)]
    [read] = told["reads"]
    assert (read["table"], read["facts"], read["read_by_others"]) == ("payments", 1, False)
    assert read["rows"] > 0
    assert told["seconds"] == read["seconds"] > 0


def test_an_estimate_reads_nothing(asked: Cli) -> None:
    asked.casino.sql("DROP TABLE payments")
    said = asked("cost", "rich", "--estimate")
    told = json.loads(asked("cost", "rich", "--estimate", "--json").out)

    assert said.code == 0
    assert "payments: sums and counts, 1 fact · a table that nobody else reads" in said.out
    assert (told["measured"], told["seconds"], told["reads"][0]["rows"]) == (False, None, None)


def test_what_others_ask_for_too_costs_nothing(asked: Cli) -> None:
    said = asked("cost", "germans")

    assert "It adds nothing to what is read: it shares all it asks for (1 fact) with others." in said.out


def test_a_list_adds_nothing_and_a_query_is_its_own(asked: Cli) -> None:
    assert "which no run looks at: it adds nothing to a run." in asked("cost", "picks").out
    assert "only its own query is run for it:\n    its own query, 3 rows" in asked("cost", "asked").out


def test_a_segment_is_held_against_the_others_before_it_is_applied(asked: Cli, casino: Casino) -> None:
    casino.segment("new", {"all": [{"deposit_count": {"gte": 2}}, {"vip_level": 3}]}, purpose="analysis")
    told = json.loads(asked("cost", "new", "--json").out)

    assert told["declared"] is True
    assert [one["own"] for one in told["conditions"]] == [0, 1]


def test_who_is_not_there_is_refused_with_a_way_out(asked: Cli) -> None:
    said = asked("cost", "nobody")

    assert said.code == 1
    assert "segctl list" in said.err
