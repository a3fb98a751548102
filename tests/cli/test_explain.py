"""segctl explain, segctl attrition: what is said, what is masked, and that looking at personal values is written down."""

import json
import sqlite3

import pytest

from tests.cli.conftest import Cli, Said

LETTERS = {"all": [{"email": {"contains": "anna@"}}, {"country": "DE"}]}
EMAIL = "anna@example.com"


@pytest.fixture
def letters(deployed: Cli) -> Cli:
    """A casino with a segment that asks for an e-mail address."""
    deployed.casino.segment("letters", LETTERS)
    deployed.casino.apply()
    return deployed


def audit(cli: Cli) -> list[dict[str, object]]:
    found: list[dict[str, object]] = json.loads(cli("audit", "log", "--json").out)
    return found


def line_of(said: Said, text: str) -> str:
    return next(line for line in said.out.splitlines() if text in line)


def test_an_explanation_says_what_is_asked_and_what_is_so(deployed: Cli) -> None:
    deployed.casino.segment("paying", {"all": [{"country": "DE"}, {"deposit_amount": {"gte": 200}}]})
    deployed.casino.apply()

    said = deployed("explain", "paying", "anna")

    assert said.code == 0
    assert said.out.startswith("anna is NOT in paying   (as of ")
    assert line_of(said, "country is DE").split()[-2:] == ["DE", "yes"]
    assert line_of(said, "deposited").endswith("EUR 150.00  no   ← the only condition in the way")
    assert "Would enter with EUR 50.00 more of: deposited." in said.out


def test_several_conditions_in_the_way_are_all_told(deployed: Cli) -> None:
    deployed.casino.segment(
        "picky",
        {
            "all": [
                {"country": "IT"},
                {"vip_level": {"gte": 4}},
                {"none": [{"bucket": {"salt": "x", "percent": [0, 100]}}]},
            ]
        },
    )
    deployed.casino.apply()

    said = deployed("explain", "picky", "anna")

    assert said.out.count("← in the way") == 3
    assert "Would enter if: country is IT; VIP level at least 4; not: " in said.out
    assert len(json.loads(deployed("explain", "picky", "anna", "--json").out)["would_enter_if"]) == 3


def test_any_one_of_several_is_told_with_or(deployed: Cli) -> None:
    deployed.casino.segment("either", {"any": [{"country": "IT"}, {"vip_level": {"gte": 4}}]})
    deployed.casino.apply()

    said = deployed("explain", "either", "anna")

    assert said.out.count("← this one would be enough") == 2
    assert "Would enter if: country is IT; or: VIP level at least 4." in said.out


def test_the_clock_and_the_next_instant(deployed: Cli) -> None:
    deployed.casino.segment("sleepy", {"last_login": {"older_than": "7d"}})
    deployed.casino.apply()

    said = deployed("explain", "sleepy", "anna", "--at", "2025-03-01T12:00:00Z")

    assert "anna is NOT in sleepy   (as of 2025-03-01 12:00 UTC)" in said.out
    assert "Would enter on 2025-03-07 12:00:00 UTC if nothing but the time changes." in said.out
    assert "anna is in sleepy" in deployed("explain", "sleepy", "anna", "--at", "2025-03-07T12:00:00Z").out


def test_personal_values_are_masked(letters: Cli) -> None:
    for form in ((), ("--json",)):
        said = letters("explain", "letters", "anna", *form)

        assert said.code == 0
        assert "***" in said.out
        assert EMAIL not in said.out
        assert "anna@" not in said.out
    assert "anna@" not in letters("attrition", "letters").out + letters("attrition", "letters", "--json").out


def test_who_reveals_is_written_down_and_the_log_holds(letters: Cli) -> None:
    before = audit(letters)

    said = letters("explain", "letters", "anna", "--reveal")

    assert EMAIL in said.out
    new, *rest = audit(letters)
    assert rest == before
    assert (new["action"], new["address"]) == ("reveal", "segment.letters")
    assert new["actor"]
    assert new["at"]
    assert letters("audit", "verify").code == 0
    assert EMAIL not in json.dumps(new)
    assert '"anna"' not in json.dumps(new)
    assert EMAIL in letters("explain", "letters", "anna", "--reveal", "--json").out
    assert len(audit(letters)) == len(before) + 2


def test_a_reveal_names_the_player_by_the_same_digest(letters: Cli) -> None:
    for player in ("anna", "bert", "anna"):
        letters("explain", "letters", player, "--reveal")

    third, second, first = (row["detail"] for row in audit(letters)[:3])

    assert first == third
    assert first != second


def test_runs_go_on_after_a_reveal(letters: Cli) -> None:
    letters("explain", "letters", "anna", "--reveal")
    letters.casino.later(days=1)

    letters.casino.refresh()

    assert letters.casino.plan().empty
    assert letters("audit", "verify").code == 0


def test_what_cannot_be_written_down_is_not_revealed(letters: Cli) -> None:
    other = sqlite3.connect(letters.casino.state, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        for form in ((), ("--json",)):
            said = letters("explain", "letters", "anna", "--reveal", "--lock-timeout", "0.05", *form)

            assert said.code == 1
            assert said.out == ""
            assert EMAIL not in said.err
    finally:
        other.rollback()
        other.close()
    assert "reveal" not in {row["action"] for row in audit(letters)}


def test_nothing_is_written_without_reveal_or_for_nobody(letters: Cli) -> None:
    before = letters.casino.stored()

    letters("explain", "letters", "anna")
    letters("attrition", "letters")
    assert letters("explain", "letters", "ann", "--reveal").code == 1

    assert letters.casino.stored() == before


def test_a_file_is_explained_before_it_is_applied_and_says_so(deployed: Cli) -> None:
    deployed.casino.segment("fresh", {"country": "DE"})

    said, counted = deployed("explain", "fresh", "anna"), deployed("attrition", "fresh")

    assert said.out.startswith("anna would be in fresh   (as of ")
    assert "by what the files declare" in said.out.splitlines()[0]
    assert "by what the files declare" in counted.out.splitlines()[0]
    assert "by what the files declare" not in deployed("attrition", "germans").out
    assert json.loads(deployed("attrition", "fresh", "--json").out)["declared"] is True


@pytest.mark.parametrize(
    "verb", [("explain", "nobody-has-this", "anna"), ("attrition", "nobody-has-this")], ids=" ".join
)
def test_an_unknown_segment_names_the_way_on(deployed: Cli, verb: tuple[str, ...]) -> None:
    said = deployed(*verb)

    assert (said.code, said.out) == (1, "")
    assert "segctl list" in said.err


def test_an_unknown_player_and_a_missing_warehouse_name_the_way_on(deployed: Cli) -> None:
    assert "segctl members" in deployed("explain", "germans", "ANNA").err

    (deployed.casino.root / "warehouse.duckdb").unlink()

    for said in (deployed("explain", "germans", "anna"), deployed("attrition", "germans")):
        assert (said.code, said.out) == (1, "")
        assert "warehouse.duckdb" in said.err


def test_a_listed_player_that_the_warehouse_lacks_is_explained(deployed: Cli) -> None:
    said = deployed("explain", "picks", "ghost")

    assert said.code == 0
    assert said.out.startswith("ghost is in picks")


def test_attrition_counts_to_the_members(deployed: Cli) -> None:
    deployed.casino.segment(
        "some", {"all": [{"country": "DE"}, {"during": {"last": "30d"}, "all": [{"deposit_count": {"gte": 1}}]}]}
    )

    said = deployed("attrition", "some", "--at", "2025-03-01T12:00:00Z")
    found = json.loads(deployed("attrition", "some", "--at", "2025-03-01T12:00:00Z", "--json").out)

    assert line_of(said, "all players").split()[2] == "10"
    assert line_of(said, "deposits, in the last 30 days, at least 1").split()[-3:-1] == ["5", "3"]
    assert line_of(said, "members").split()[1] == "3"
    assert [(step["step"], step["alone"], step["left"]) for step in found["steps"]] == [
        ("start", None, 10),
        ("group", 3, None),
        ("condition", 4, 4),
        ("condition", 5, 3),
        ("result", None, 3),
    ]
    assert found["members"] == 3
