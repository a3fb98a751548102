"""segctl where-used and segctl graph: who uses whom, in the files and in the state."""

from __future__ import annotations

import json

import pytest

from segctl.view.graph import dot, mermaid
from tests.cli.conftest import Cli
from tests.support.casino import ON_BOTH, Casino

RULE = "kind: Rule\nname: rich\nrules:\n  all:\n    - deposit_amount: {gte: 5}\n    - country: {in_list: near}\n"
LIST = "kind: List\nname: near\nvalues: [DE, IT]\n"


def society(casino: Casino) -> None:
    """A list ← a rule ← a segment ← one that asks about it, and one that leaves it out."""
    casino.write("segments/rich.yaml", RULE)
    casino.write("segments/near.yaml", LIST)
    casino.segment("top", {"rule": "rich"}, purpose="analysis")
    casino.segment("first", {"all": [{"in_segment": "top"}, {"vip_level": {"gte": 1}}]})
    casino.segment(
        "others", {"country": "GB"}, exclude=[{"segments": ["top"]}], limit={"top": 2, "by": "deposit_amount"}
    )
    casino.segment("new", enter={"event": "payments"}, type="triggered", **{"for": "3d"})
    settings = casino.root / "segctl.yaml"
    settings.write_text(settings.read_text() + "guards: {marketing: {vip_level: {gte: 0}}}\n")


def users(cli: Cli, *arguments: str) -> list[tuple[str, str | None, str | None]]:
    found = json.loads(cli("where-used", *arguments, "--json").out)["used_by"]
    return [(one["address"], one["through"], one["file"]) for one in found]


def test_who_uses_a_list_directly_and_through_others(cli: Cli) -> None:
    society(cli.casino)

    assert users(cli, "near") == [
        ("rule.rich", None, "segments/rich.yaml"),
        ("segment.top", "rule.rich", "segments/top.yaml"),
        ("segment.first", "segment.top", "segments/first.yaml"),
        ("segment.others", "segment.top", "segments/others.yaml"),
    ]


def test_each_use_has_its_line(cli: Cli) -> None:
    society(cli.casino)

    said = cli("where-used", "list.near")

    assert said.out == (
        "list near is used by 1 directly, 3 through others\n\n"
        "  rule rich  segments/rich.yaml:6\n\n"
        "through others\n"
        "  segment top     through rule rich    segments/top.yaml:6\n"
        "  segment first   through segment top  segments/first.yaml:6\n"
        "  segment others  through segment top  segments/others.yaml:5\n"
    )


@pytest.mark.parametrize(
    ("asked", "direct"),
    [
        ("event.payments", ["field.deposit_amount", "field.deposit_count", "segment.new"]),
        ("deposit_amount", ["rule.rich", "segment.others"]),
        ("guard.marketing", ["segment.first", "segment.new", "segment.others"]),
        ("vip_level", ["guard.marketing", "segment.first"]),
        ("segment.top", ["segment.first", "segment.others"]),
        ("first", []),
    ],
)
def test_everything_with_an_address_can_be_asked(cli: Cli, asked: str, direct: list[str]) -> None:
    society(cli.casino)

    assert [user for user, through, _ in users(cli, asked) if through is None] == direct


def test_nothing_is_said_to_be_used_in_a_circle(cli: Cli) -> None:
    society(cli.casino)

    assert "segment.top" not in [user for user, _, _ in users(cli, "top")]
    assert cli("where-used", "others").out == "Nothing uses segment others.\n"


@ON_BOTH
def test_the_state_is_asked_for_what_is_deployed(cli: Cli) -> None:
    society(cli.casino)
    cli.casino.segment("mails", {"all": [{"email": {"contains": "a"}}, {"in_segment": "top"}]})
    cli.casino.apply()
    cli.casino.remove("first")

    assert [user for user, _, _ in users(cli, "top")] == ["segment.mails", "segment.others"]
    assert users(cli, "top", "--deployed") == [
        *(("segment.first", None, None), ("segment.mails", None, None), ("segment.others", None, None))
    ]
    assert [user for user, _, _ in users(cli, "email", "--deployed")] == ["segment.mails"]
    assert "used by   first, mails, others" in cli("show", "top").out


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ("tops", ("`tops`", "Did you mean `top`?")),
        ("rule.ric", ("`rule.ric`", "Did you mean `rule.rich`?")),
        ("xyzzy", ("`xyzzy`", "segctl graph")),
        ("rich", ("`segment.rich` and `rule.rich`", "by its address")),
        ("\x1b[2J", ("\\x1b[2J", "segctl graph")),
    ],
)
def test_what_cannot_be_found_is_refused_with_the_way_out(cli: Cli, asked: str, words: tuple[str, ...]) -> None:
    society(cli.casino)
    cli.casino.write("segments/other.yaml", "kind: Segment\nname: rich\ntype: dynamic\nrules: {country: DE}\n")

    for verb in ("where-used", "graph"):
        said = cli(verb, asked)

        assert (said.code, said.out) == (1, "")
        assert [word for word in words if word not in said.err] == []


def test_mistakes_are_shown_since_they_could_hide_a_use(cli: Cli) -> None:
    society(cli.casino)
    cli.casino.segment("broken", {"all": [{"in_segment": "top"}, {"countri": "DE"}]})

    for verb in (("where-used", "top"), ("graph",)):
        said = cli(*verb)

        assert (said.code, said.out) == (1, "")
        assert "SEG101" in said.err


MERMAID = """\
flowchart LR
  n0["first"]
  n1["new"]
  n2["others"]
  n3["top"]
  n4("rule rich")
  n5[("list near")]
  n6{{"guard marketing"}}
  n0 --> n3
  n0 -.-> n6
  n1 -.-> n6
  n2 --> n3
  n2 -.-> n6
  n3 --> n4
  n4 --> n5
"""
DOT = """\
digraph segctl {
  rankdir=LR;
  n0 [shape=box, label="first"];
  n1 [shape=box, label="top"];
  n2 [shape=ellipse, label="rule rich"];
  n3 [shape=cylinder, label="list near"];
  n4 [shape=hexagon, label="guard marketing"];
  n0 -> n1;
  n0 -> n4 [style=dotted];
  n1 -> n2;
  n2 -> n3;
}
"""


def test_a_graph_of_files_and_state_in_one_order(cli: Cli) -> None:
    society(cli.casino)
    cli.casino.apply()

    assert cli("graph").out == MERMAID
    assert cli("graph", "--deployed").out == MERMAID


def test_a_graph_around_a_name_holds_what_it_uses_and_who_uses_it(cli: Cli) -> None:
    society(cli.casino)

    said = cli("graph", "first", "--format", "dot", "-o", "one.dot")

    assert (cli.casino.root / "one.dot").read_text() == DOT
    assert said.out == "Wrote one.dot: 5 objects, 4 uses.\n"


@pytest.mark.parametrize(
    "name", ['a"]; click n0 "x', "a<script>\n%%", "#quot;`b`", 'end\\" [URL="x"]', "\x1b[0m\u202e"]
)
def test_names_in_a_graph_cannot_act(name: str) -> None:
    nodes = [f"segment.{name}", f"rule.{name}"]

    for text, signs in ((mermaid(nodes, []), "<>`%[]\\"), (dot(nodes, []), "")):
        labels = [line.split('"', 1)[1].rsplit('"', 1)[0] for line in text.splitlines() if '"' in line]
        assert len(labels) == 2, "each name stays on its line"
        for label in labels:
            assert label.isprintable()
            assert '"' not in label.replace("\\\\", "").replace('\\"', "")
            assert not set(signs) & set(label)
