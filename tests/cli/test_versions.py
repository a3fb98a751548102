"""segctl versions and segctl rollback: what a segment was, and the file of what it was."""

from __future__ import annotations

import json
from random import Random

import pytest

from segctl.workflow.rollback import RolledBack, rollback
from segctl.workflow.versions import versions_of
from tests.cli.conftest import Cli
from tests.support import random_project
from tests.support.casino import ON_BOTH, Casino, actions, refused

FIRST = {"all": [{"country": "DE"}, {"vip_level": {"gte": 1}}]}
SECOND = {"all": [{"country": "DE"}, {"vip_level": {"gte": 3}}, {"deposit_count": {"gte": 1}}]}


def told(casino: Casino) -> None:
    """A segment with two versions."""
    casino.segment("vip", FIRST, title="VIPs")
    casino.apply()
    casino.later(days=1)
    casino.segment("vip", SECOND, title="VIPs of 3")
    casino.apply()


def back(casino: Casino, name: str, number: int, *, force: bool = False) -> RolledBack:
    return rollback(casino.context(), casino.loaded(), name, number, force=force)


def digests(casino: Casino, name: str) -> dict[int, str]:
    return {one.version: one.digest for one in versions_of(casino.context(), name)[1]}


def test_versions_are_listed_newest_first_with_their_names_then(cli: Cli) -> None:
    told(cli.casino)
    cli.casino.segment("vips", SECOND, renamed_from="vip", title="VIPs of 3")
    cli.casino.remove("vip")
    cli.casino.apply()
    cli.casino.remove("vips")
    cli.casino.apply()

    rows = json.loads(cli("versions", "vips", "--json").out)

    assert [(one["version"], one["action"], one["name"], one["state"]) for one in rows] == [
        *((4, "archive", "vips", 4), (3, "rename", "vips", 3)),
        *((2, "update", "vip", 2), (1, "create", "vip", 1)),
    ]
    assert cli("versions", "vips").out.splitlines()[0].split()[:5] == ["VERSION", "AT", "ACTION", "NAME", "BY"]


def test_what_a_version_changed_is_told_as_in_a_plan(cli: Cli) -> None:
    told(cli.casino)

    assert cli("versions", "vip", "--diff", "2").out == (
        "segment.vip · version 1 → 2\n"
        "      ~ title: VIPs → VIPs of 3\n"
        "        all of:\n"
        "      +   deposits at least 1\n"
        "      ~   VIP level: at least 1 → 3\n"
    )
    assert "at least 3 → 1" in cli("versions", "vip", "--diff", "2:1").out
    assert cli("versions", "vip", "--diff", "2:2").out == "segment.vip · version 2 → 2\n      nothing differs\n"
    assert "country is DE" in cli("versions", "vip", "--diff", "1").out
    data = json.loads(cli("versions", "vip", "--diff", "1:2", "--json").out)
    assert (data["from"], data["to"], data["keys"]) == (1, 2, ["rules", "title"])


def test_an_end_is_a_version_too(cli: Cli) -> None:
    told(cli.casino)
    cli.casino.remove("vip")
    cli.casino.apply()

    assert cli("versions", "vip", "--diff", "3").out == "segment.vip · version 2 → 3\n      - archived\n"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("versions", "vipp"), ("Nothing deployed is called `vipp`", "Did you mean `vip`?")),
        (("versions", "vip", "--diff", "7"), ("has no version 7; it has 1 to 2", "segctl versions vip")),
        (("versions", "vip", "--diff", "a:b"), ("`a:b` names no versions", "--diff 1:3")),
        (("rollback", "vip", "--to", "7"), ("has no version 7", "segctl versions vip")),
        (("rollback", "catalog.small", "--to", "1"), ("A catalog is not written", "git log")),
    ],
    ids=lambda one: " ".join(one)[:40],
)
def test_what_there_is_not_is_refused_with_the_way_out(
    cli: Cli, arguments: tuple[str, ...], words: tuple[str, ...]
) -> None:
    told(cli.casino)

    said = cli(*arguments)

    assert (said.code, said.out) == (1, "")
    assert [word for word in words if word not in said.err] == []


@ON_BOTH
def test_the_file_of_a_version_is_written_and_a_plan_follows(casino: Casino) -> None:
    told(casino)
    first, members = digests(casino, "vip")[1], casino.members("vip")

    done = back(casino, "vip", 1)

    assert (done.file, done.written, done.replaced) == ("segments/vip.yaml", True, True)
    assert actions(casino.plan()) == {"segment.vip": ("update",)}
    casino.apply()
    assert digests(casino, "vip")[3] == first
    assert casino.members("vip") > members
    assert not casino.plan().changes


def test_the_place_stays_and_comments_are_said_to_be_gone(cli: Cli) -> None:
    told(cli.casino)
    others = "kind: Rule\nname: r\nrules: {vip_level: 1}\n---\n# ours\n"
    text = (cli.casino.root / "segments/vip.yaml").read_text()
    last = "---\n# the last\nkind: List\nname: l\nvalues: [a]\n"
    cli.casino.remove("vip")
    cli.casino.write("segments/vips/all.yaml", f"# yaml-language-server: $schema=x\n{others}{text}{last}")
    cli.casino.apply()

    said = cli("rollback", "vip", "--to", "1")

    assert (cli.casino.root / "segments/vips/all.yaml").read_text() == (
        "# yaml-language-server: $schema=x\nkind: Rule\nname: r\nrules: {vip_level: 1}\n---\n"
        "kind: Segment\nname: vip\ntitle: VIPs\ntype: dynamic\nrules:\n  all:\n    - country: DE\n"
        f"    - vip_level: {{gte: 1}}\n{last}"
    )
    assert "  ~ segments/vips/all.yaml   segment.vip as it was in version 1\n" in said.out
    assert "Comments of the document are gone; to see them: git diff segments/vips/all.yaml" in said.out
    assert said.out.endswith("segctl plan\n")


def test_the_line_that_leads_editors_to_a_schema_stays(casino: Casino) -> None:
    told(casino)
    path = casino.root / "segments/vip.yaml"
    path.write_text("# yaml-language-server: $schema=x\n# ours\n" + path.read_text())

    back(casino, "vip", 1)

    assert path.read_text().startswith("# yaml-language-server: $schema=x\nkind: Segment\nname: vip\n")


def test_edits_that_are_not_deployed_are_not_written_over(casino: Casino) -> None:
    told(casino)
    edited = casino.segment("vip", {"country": "IT"})
    before = edited.read_text()

    with refused(casino, "says something else than what is deployed", "segctl plan", "--force"):
        back(casino, "vip", 1)

    assert edited.read_text() == before
    casino.write("segments/vip.yaml", "kind: Segment\nname: vip\ntype: dynamic\nrules: {countri: DE}\n")
    with refused(casino, "--force"):
        back(casino, "vip", 1)
    assert back(casino, "vip", 1, force=True).written
    assert casino.loaded().project.segments["vip"].title == "VIPs"


def test_a_file_that_says_it_already_is_left_alone(cli: Cli) -> None:
    told(cli.casino)
    before = (cli.casino.root / "segments/vip.yaml").read_bytes()

    said = cli("rollback", "vip", "--to", "2")

    assert (said.code, said.out) == (0, "segments/vip.yaml says what version 2 says. Nothing was written.\n")
    assert (cli.casino.root / "segments/vip.yaml").read_bytes() == before


def test_an_end_cannot_be_gone_back_to(casino: Casino) -> None:
    told(casino)
    casino.remove("vip")
    casino.apply()
    back(casino, "vip", 1)
    casino.apply()

    with refused(casino, "Version 3 of `vip` is its end", "remove its file"):
        back(casino, "vip", 3)


def test_without_a_file_one_is_made(casino: Casino) -> None:
    told(casino)
    casino.remove("vip")

    assert back(casino, "vip", 1).file == "segments/vip.yaml"
    casino.remove("vip")
    casino.write("segments/vip.yaml", "kind: Rule\nname: vip\nrules: {vip_level: 1}\n")
    with refused(casino, "segments/vip.yaml exists already"):
        back(casino, "vip", 1)


def test_a_former_name_and_the_file_of_the_same_list_stay(casino: Casino) -> None:
    casino.write("segments/ids.csv", "player_id\nanna\nghost\n")
    casino.segment("picks", type="players", players_file="ids.csv", title="One")
    casino.apply()
    casino.segment("chosen", type="players", players_file="ids.csv", title="Two", renamed_from="picks")
    casino.remove("picks")
    casino.apply()

    back(casino, "chosen", 1)

    assert (casino.root / "segments/chosen.yaml").read_text() == (
        "kind: Segment\nname: chosen\ntitle: One\ntype: players\nrenamed_from: picks\nplayers_file: ids.csv\n"
    )
    assert actions(casino.plan()) == {"segment.chosen": ("update",)}


def test_a_list_of_then_is_known_from_the_history(casino: Casino) -> None:
    casino.segment("picks", type="players", players=["anna", "emil", "ghost"])
    casino.apply()
    first = digests(casino, "picks")[1]
    casino.segment("picks", type="players", players=["bert"])
    casino.apply()

    done = back(casino, "picks", 1)

    assert done.lost == ()
    casino.apply()
    assert digests(casino, "picks")[3] == first


@pytest.mark.parametrize("seed", range(4))
def test_whatever_was_deployed_can_be_gone_back_to(casino: Casino, seed: int) -> None:
    """Every version of random segments, lists aside, of which the state may not know everybody."""
    rng = Random(seed)
    names = random_project.write(casino, rng)
    casino.apply()
    was = {name: digests(casino, name)[1] for name in names}
    for name in names:
        casino.segment(name, {"vip_level": {"gte": 1}}, purpose="analysis")
    casino.apply()

    done = [back(casino, name, 1) for name in names]

    assert [one.code for one in casino.loaded().diagnostics if one.severity == "error"] == []
    casino.apply()
    lost = {name for name, one in zip(names, done, strict=True) if one.lost}
    now = {name: max(digests(casino, name).items())[1] for name in names}
    assert {name for name in names if now[name] != was[name]} == lost
    kinds = {name: casino.loaded().project.segments[name].type for name in lost}
    assert set(kinds.values()) <= {"players"}
