"""segctl archive: what is archived, and its way back into files and state."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
import yaml
from sqlalchemy import select

from segctl.store import private
from segctl.store.engine import open_state, writing
from segctl.store.tables import PRIVATE
from segctl.workflow.archive import recover
from segctl.workflow.show import shown
from tests.cli.conftest import Cli
from tests.support.casino import ON_BOTH, Casino, actions

RULE = "kind: Rule\nname: rich\nrules: {vip_level: {gte: 2}}\n"
LIST = "kind: List\nname: near\ntitle: Nearby\nvalues: [DE, IT]\n"


def back(casino: Casino, name: str, out: Path | None = None) -> str:
    return recover(casino.context(), casino.loaded(), name, out).file


def archive(casino: Casino, *names: str) -> None:
    for name in names:
        casino.remove(name)
    casino.apply()


def test_what_is_archived_is_listed_with_when_by_whom_and_how_many(deployed: Cli) -> None:
    casino = deployed.casino
    casino.write("segments/near.yaml", LIST)
    casino.apply()
    casino.later(days=1)
    archive(casino, "british")
    casino.later(days=1)
    archive(casino, "germans", "near")

    rows = json.loads(deployed("archive", "list", "--json").out)

    assert [(one["kind"], one["name"], one["archived_at"][:10], one["members"]) for one in rows] == [
        ("list", "near", "2025-03-03", None),
        ("segment", "germans", "2025-03-03", 4),
        ("segment", "british", "2025-03-02", 3),
    ]
    assert {one["archived_by"] for one in rows} == {"Ann <ann@example.org>"}
    assert deployed("archive", "list").out.splitlines()[-1].startswith("3 objects.")
    assert [one["name"] for one in csv.DictReader(io.StringIO(deployed("archive", "list", "--csv").out))] == [
        *("near", "germans", "british")
    ]
    assert deployed("archive", "count").out == "3\n"
    assert deployed("archive", "count", "germans").out == "4\n"
    assert json.loads(deployed("archive", "count", "--json").out) == {
        "archived": 3,
        "kinds": {"list": 1, "segment": 2},
    }


def test_members_at_the_end_are_those_the_state_had_whatever_moved_then(cli: Cli) -> None:
    cli.casino.segment("germans", {"country": "DE"})
    cli.casino.apply()
    cli.casino.change("anna", country="IT")
    cli.casino.change("hugo", country="DE")
    cli.casino.change("ines", country="DE")
    archive(cli.casino, "germans")

    assert cli("archive", "count", "germans").out == "4\n"


def test_where_nothing_is_archived_that_is_said(deployed: Cli) -> None:
    assert deployed("archive", "list").out == "Nothing is archived.\n"
    assert deployed("archive", "count").out == "0\n"


def test_what_an_archived_segment_was_is_shown_with_its_end(deployed: Cli) -> None:
    archive(deployed.casino, "germans")

    said = deployed("archive", "show", "germans").out
    data = json.loads(deployed("archive", "show", "segment.germans", "--json").out)

    assert "country is DE" in said
    assert "by Ann <ann@example.org> · 4 players left it" in said
    assert said.endswith("segctl archive recover germans\n")
    assert (data["status"], data["archived"]["members"], data["archived"]["at"]) == (
        *("archived", 4),
        "2025-03-01T12:00:00Z",
    )


@ON_BOTH
def test_the_file_comes_back_and_the_next_plan_recovers(casino: Casino) -> None:
    rules = {"all": [{"country": ["DE", "IT"]}, {"email": {"contains": "a"}}, {"vip_level": {"gte": 1}}]}
    casino.write("segments/rich.yaml", RULE)
    casino.write("segments/near.yaml", LIST)
    casino.segment("some", rules, title="Some", tags=["b", "a"], exclude=[{"players": ["dora"], "reason": "x"}])
    casino.apply()
    members, digest = casino.members("some"), _digest(casino, "some")
    archive(casino, "some", "rich", "near")

    files = [back(casino, name) for name in ("some", "rule.rich", "near")]

    assert files == ["segments/some.yaml", "segments/rich.yaml", "segments/near.yaml"]
    assert [one for one in casino.loaded().diagnostics if one.severity == "error"] == []
    assert actions(casino.plan()) == dict.fromkeys(("segment.some", "rule.rich", "list.near"), ("recover",))
    casino.apply()
    assert (casino.members("some"), _digest(casino, "some")) == (members, digest)
    assert not casino.plan().changes


def test_a_recovered_file_says_where_to_go_on(deployed: Cli) -> None:
    archive(deployed.casino, "germans")

    said = deployed("archive", "recover", "germans", "-o", "segments/geo/de.yaml")

    assert said.code == 0
    assert said.out == (
        "  + segments/geo/de.yaml   segment.germans as it was in version 1\n\n"
        "Nothing is deployed. To see what the file would do:  segctl plan\n"
    )
    assert (deployed.casino.root / "segments/geo/de.yaml").read_text() == (
        "kind: Segment\nname: germans\ntitle: Germans\ntype: dynamic\ntags: [core, geo]\nowner: crm\n"
        "rules:\n  country: DE\n"
    )


def test_a_list_of_players_comes_back_whole_or_says_what_is_missing(cli: Cli) -> None:
    """A list is known from its members at the end; whom a rule kept out of it is not."""
    cli.casino.segment("whole", type="players", players=["anna", "ghost", "007"])
    cli.casino.segment("part", {"country": "DE"}, type="players", players=["anna", "emil", "ghost"])
    cli.casino.apply()
    archive(cli.casino, "whole", "part")

    told = [cli("archive", "recover", name).out for name in ("whole", "part")]

    whole, part = ((cli.casino.root / f"segments/{name}.yaml").read_text() for name in ("whole", "part"))
    assert whole == 'kind: Segment\nname: whole\ntype: players\nplayers: ["007", anna, ghost]\n'
    assert part.startswith("# The list had 3 players; 1 of them are known: who was a member at its end.\nkind: Se")
    assert "players: [anna]\n" in part
    assert "Not put back" not in told[0]
    assert "Not put back; complete the file by hand:\n  The list had 3 players" in told[1]
    assert "anna" not in told[0] + told[1]


def test_a_long_list_stands_in_a_file_of_its_own(cli: Cli) -> None:
    ids = sorted(f"p{number}" for number in range(30))
    cli.casino.segment("many", type="players", players=ids)
    cli.casino.apply()
    archive(cli.casino, "many")

    said = cli("archive", "recover", "many")

    assert "segments/many.csv" in said.out
    assert (cli.casino.root / "segments/many.csv").read_text().split() == ["player_id", *ids]
    assert actions(cli.casino.plan()) == {"segment.many": ("recover",)}
    assert not _differs(cli.casino, "many")


@ON_BOTH
def test_values_that_were_erased_stand_empty_and_are_found(cli: Cli) -> None:
    casino = cli.casino
    casino.segment("mail", {"all": [{"email": "anna@example.com"}, {"vip_level": {"gte": 0}}]})
    casino.segment("host", {"vip_level": 1}, include=[{"players": ["emil"], "reason": "host"}])
    casino.apply()
    archive(casino, "mail", "host")
    _erase_everything(casino)

    said = [cli("archive", "recover", name) for name in ("mail", "host")]

    assert [one.code for one in said] == [0, 0]
    assert all("1 value that stood here is not kept any more." in one.out for one in said)
    text = (casino.root / "segments/mail.yaml").read_text()
    assert "    - email:  # erased: what stood here is not kept any more\n" in text
    assert "example.com" not in text
    found = [(one.code, one.span.file) for one in casino.loaded().diagnostics if one.severity == "error"]
    assert sorted({file for _, file in found}) == ["segments/host.yaml", "segments/mail.yaml"]


def test_who_was_forgotten_does_not_come_back_with_a_file(cli: Cli) -> None:
    casino = cli.casino
    casino.segment("host", {"vip_level": 1}, include=[{"players": ["anna", "emil"], "reason": "host"}])
    casino.segment("alone", {"vip_level": 1}, include=[{"players": ["anna"], "reason": "host"}])
    casino.segment("picks", type="players", players=["anna", "emil"])
    casino.apply()
    archive(casino, "host", "alone", "picks")
    assert cli("forget", "anna", "--auto-approve", "--reason", "CS-1", "-o", "certificate.json").code == 0

    said = {name: cli("archive", "recover", name).out for name in ("host", "alone", "picks")}

    texts = {name: (casino.root / f"segments/{name}.yaml").read_text() for name in said}
    assert [name for name, text in texts.items() if "anna" in text] == []
    assert "players: [emil]" in texts["host"]
    assert "1 id that stood here was forgotten and left out." in said["host"]
    assert "players:  # erased" in texts["alone"]
    assert texts["picks"].endswith("players: [emil]\n")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("germans",), ("is deployed, not archived", "segctl show germans", "segctl rollback germans")),
        (("britsh",), ("Nothing archived is called `britsh`", "Did you mean `british`?")),
        (("xyzzy",), ("Nothing archived is called", "segctl archive list")),
        (("guard.marketing",), ("stands in segctl.yaml", "segctl show guard.marketing")),
        (("back",), ("segments/other.yaml declares `back` already", "segctl apply")),
        (("british",), ("segments/british.yaml exists already", "another name")),
        (("british", "-o", "elsewhere.yaml"), ("no place for a document", "segments/back.yaml")),
        (("british", "-o", "segments/../x.yaml"), ("no place for a document",)),
        (("british", "-o", "segments/x.txt"), ("no place for a document",)),
        (("british", "-o", "segments/.x/y.yaml"), ("no place for a document",)),
    ],
    ids=lambda one: " ".join(one)[:40],
)
def test_what_cannot_be_recovered_is_refused_with_the_way_out(
    deployed: Cli, arguments: tuple[str, ...], words: tuple[str, ...]
) -> None:
    casino = deployed.casino
    settings = (casino.root / "segctl.yaml").read_text()
    casino.write("segctl.yaml", settings + "guards: {marketing: {vip_level: {gte: 0}}}\n")
    casino.segment("back", {"country": "IT"})
    casino.apply()
    casino.write("segctl.yaml", settings)
    archive(casino, "british", "back")
    casino.write("segments/other.yaml", yaml.safe_dump({"kind": "Segment", "name": "back", "typ": "dynamic"}))
    casino.write("segments/british.yaml", "kind: Segment\nname: english\ntype: dynamic\nrules: {country: GB}\n")
    before = {path: path.read_bytes() for path in casino.root.rglob("*.yaml")}

    said = deployed("archive", "recover", *arguments)

    assert (said.code, said.out) == (1, "")
    assert [word for word in words if word not in " ".join(said.err.split())] == []
    assert {path: path.read_bytes() for path in casino.root.rglob("*.yaml")} == before


def _digest(casino: Casino, name: str) -> str:
    return shown(casino.context(), name).segment.digest


def _differs(casino: Casino, name: str) -> bool:
    """Would recovering make another definition than the last one?"""
    change = next(one for one in casino.plan().changes if one.name == name)
    return change.before != change.after


def _erase_everything(casino: Casino) -> None:
    with writing(open_state(casino.context().state), lock_timeout_seconds=5) as connection:
        private.erase(connection, list(connection.execute(select(PRIVATE.c.digest)).scalars()))
