"""segctl freeze: who is in now, kept as a list that says where it comes from."""

from __future__ import annotations

import pytest

from segctl.files.lists import read_list, writable
from segctl.workflow.freeze import freeze
from tests.cli.conftest import Cli
from tests.support.casino import ON_BOTH, Casino, actions

GUARD = "guards: {marketing: {country: {is_set: true}}}\n"


@ON_BOTH
def test_the_members_of_now_stay_when_the_segment_moves_on(casino: Casino) -> None:
    casino.segment("germans", {"country": "DE"}, purpose="analysis", scope={"country": ["DE", "GB"]})
    casino.apply()
    casino.later(days=1)

    done = freeze(casino.context(), casino.loaded(), "germans", "germans-march", None)
    casino.change("anna", country="GB")
    casino.change("hugo", country="DE")

    assert actions(casino.plan()) == {"segment.germans-march": ("create",)}
    casino.apply()
    casino.refresh()
    assert (done.file, done.side, done.members) == ("segments/germans-march.yaml", None, 4)
    assert casino.members("germans-march") == {"anna", "bert", "cara", "dora"}
    assert casino.members("germans") == {"bert", "cara", "dora", "hugo"}


def test_the_draft_says_where_its_members_come_from(casino: Casino) -> None:
    casino.segment("germans", {"country": "DE"}, title="Germans", tags=["geo"], owner="crm", protected=True)
    casino.apply()
    casino.later(days=1)

    freeze(casino.context(), casino.loaded(), "germans", "march", None)

    text = (casino.root / "segments/march.yaml").read_text()
    assert [one for one in casino.loaded().diagnostics if one.severity == "error"] == []
    assert text.startswith(
        'kind: Segment\nname: march\ntitle: "Germans, 2025-03-01"\ndescription: >-\n  The 4 members'
    )
    said = casino.loaded().project.segments["march"].description
    assert said.startswith(
        "The 4 members of germans as of 2025-03-01T12:00:00Z, frozen on 2025-03-02 by Ann <ann@example.org>: "
        "dev, state 1, version 1, digest "
    )
    assert text.endswith("type: players\ntags: [geo]\nowner: crm\nplayers: [anna, bert, cara, dora]\n")


def test_many_ids_stand_in_a_file_beside_it(cli: Cli) -> None:
    casino = cli.casino
    ids = sorted(f"p{number}" for number in range(40))
    casino.write("segments/lists/all.csv", "\n".join(ids))
    casino.write("segments/lists/all.yaml", "kind: Segment\nname: all\ntype: players\nplayers_file: all.csv\n")
    casino.apply()

    said = cli("freeze", "all", "kept")

    assert said.code == 0
    assert "  + segments/lists/kept.csv   their ids\n" in said.out
    assert "p17" not in said.out
    assert (casino.root / "segments/lists/kept.csv").read_text().split() == ["player_id", *ids]
    casino.apply()
    assert casino.members("kept") == set(ids)


def test_a_guard_holds_for_the_copy(casino: Casino) -> None:
    settings = (casino.root / "segctl.yaml").read_text()
    casino.write("segctl.yaml", settings + GUARD)
    casino.segment("some", {"vip_level": {"gte": 0}})
    casino.apply()
    freeze(casino.context(), casino.loaded(), "some", "kept", None)
    casino.apply()
    before = casino.members("kept")

    casino.change("anna", country=None)
    casino.refresh()

    assert casino.members("kept") == before - {"anna"}


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("germens", "x"), ("No deployed segment is called `germens`", "Did you mean `germans`?")),
        (("germans", "New Name"), ("cannot be a name", "vip-weekend")),
        (("germans", "british"), ("segments/british.yaml declares it", "segctl freeze germans NAME")),
        (("germans", "gone"), ("is deployed, or was", "segctl freeze germans NAME")),
        (("gone", "x"), ("is archived and has no members", "segctl archive recover gone")),
        (("nobody", "x"), ("has no members", "segctl refresh")),
        (("germans", "x", "-o", "x.yaml"), ("no place for a document", "segments/back.yaml")),
        (("germans", "free"), ("segments/FREE.yaml exists already", "another name")),
    ],
    ids=lambda one: " ".join(one)[:30],
)
def test_refusals_name_the_way_out(deployed: Cli, arguments: tuple[str, ...], words: tuple[str, ...]) -> None:
    casino = deployed.casino
    casino.segment("gone", {"country": "IT"})
    casino.segment("nobody", {"country": "XX"})
    casino.apply()
    casino.remove("gone")
    casino.apply()
    casino.write("segments/FREE.yaml", "kind: Segment\nname: other\ntype: dynamic\nrules: {country: FR}\n")
    before = sorted(path.name for path in casino.root.rglob("*.yaml"))

    said = deployed("freeze", *arguments)

    assert (said.code, said.out) == (1, "")
    assert [word for word in words if word not in " ".join(said.err.split())] == []
    assert sorted(path.name for path in casino.root.rglob("*.yaml")) == before


@pytest.mark.parametrize(
    ("ids", "fits"),
    [
        (["a", "007", "1e5", "é", 'q"q', "x y"], True),
        (["a,b"], False),
        (["a;b"], False),
        (["a\nb"], False),
        ([" a"], False),
        (['"a"'], False),
        (["x" * 201], False),
        (["\u200ba"], False),
        ([""], False),
    ],
)
def test_ids_go_to_a_file_only_if_they_come_back_from_it(casino: Casino, ids: list[str], fits: bool) -> None:  # noqa: FBT001
    casino.write("segments/x.csv", "player_id\n" + "".join(f"{one}\n" for one in ids))

    assert writable(ids) is fits
    assert (getattr(read_list(casino.root, "segments/x.csv"), "ids", None) == tuple(ids)) is fits
