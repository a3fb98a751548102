"""segctl clone: a draft beside the original, and what it refuses."""

from __future__ import annotations

import pytest

from tests.cli.conftest import Cli

VIP = """\
# yaml-language-server: $schema=../../schemas/segments.schema.json
# Ask the VIP team before you move a number.
kind: Segment
name: vip # the identity
title: "VIP: best"
description: >-
  Players of level 3
  and above.
type: dynamic
# they look after it
owner: vip-team
protected: true # compliance
# renamed in March
renamed_from: best
rules:
  all:
    - vip_level: {gte: 3} # three
"""
COPY = """\
# yaml-language-server: $schema=../../schemas/segments.schema.json
# Ask the VIP team before you move a number.
kind: Segment
name: vip-weekend # the identity
title: "VIP: best (copy)"
description: >-
  Players of level 3
  and above.
type: dynamic
# they look after it
owner: vip-team
protected: false # compliance
rules:
  all:
    - vip_level: {gte: 3} # three
"""


def test_a_draft_stands_beside_the_original_with_its_comments(cli: Cli) -> None:
    cli.casino.write("segments/value/vip.yaml", VIP)

    said = cli("clone", "vip", "vip-weekend")

    assert said.code == 0
    assert (cli.casino.root / "segments/value/vip-weekend.yaml").read_text() == COPY
    assert (cli.casino.root / "segments/value/vip.yaml").read_text() == VIP
    assert "segments/value/vip-weekend.yaml" in said.out
    assert said.out.endswith("  segctl validate\n  segctl plan\n")


def test_a_copy_is_valid_and_means_the_same(cli: Cli) -> None:
    cli.casino.write("segments/value/vip.yaml", VIP.replace("renamed_from: best\n", ""))

    cli("clone", "vip", "vip-weekend", "--title", "Weekend: VIPs")

    loaded = cli.casino.loaded()
    assert [one for one in loaded.diagnostics if one.severity == "error"] == []
    old, new = (loaded.project.segments[name] for name in ("vip", "vip-weekend"))
    assert (new.rules, new.description, new.owner) == (old.rules, old.description, old.owner)
    assert (new.title, new.protected, new.renamed_from) == ("Weekend: VIPs", False, None)


def test_of_several_documents_one_is_copied(cli: Cli) -> None:
    several = (
        "# yaml-language-server: $schema=x\nkind: Segment\nname: a\ntype: dynamic\nrules: {country: DE}\n---\n"
    )
    several += (
        "# the second\nkind: Segment\nname: b\ntype: dynamic\nrules: {country: GB}\n---\n# third\nkind: Segment\n"
    )
    cli.casino.write("segments/several.yaml", several + "name: c\ntype: dynamic\nrules: {country: IT}\n")

    cli("clone", "b", "b-2", "--title", "Another")

    assert (cli.casino.root / "segments/b-2.yaml").read_text() == (
        "# yaml-language-server: $schema=x\n# the second\nkind: Segment\nname: b-2\ntitle: Another\ntype: dynamic\n"
        "rules: {country: GB}\n"
    )


def test_what_has_no_title_gets_none(cli: Cli) -> None:
    cli.casino.segment("germans", {"country": "DE"})

    cli("clone", "germans", "others")

    assert "title" not in (cli.casino.root / "segments/others.yaml").read_text()


def test_a_title_over_several_lines_is_replaced_whole(cli: Cli) -> None:
    text = "kind: Segment\nname: x\ntitle: >-\n  Long\n  title\n\ntype: dynamic\nrules: {country: DE}\n"
    cli.casino.write("segments/x.yaml", text)

    cli("clone", "x", "y")

    assert (cli.casino.root / "segments/y.yaml").read_text() == (
        "kind: Segment\nname: y\ntitle: Long title (copy)\n\ntype: dynamic\nrules: {country: DE}\n"
    )


@pytest.mark.parametrize(
    ("arguments", "reason", "way_out"),
    [
        (("germans", "New Name"), "`New Name` cannot be a name", "vip-weekend"),
        (("germans", "x" * 64), "cannot be a name", "at most 63"),
        (("germans", "british"), "segments/british.yaml declares it", "segctl clone germans NAME"),
        (("germans", "gone"), "is deployed, or was", "segctl show gone"),
        (("gone", "back"), "is deployed, and no file declares it", "segctl show gone"),
        (("germens", "back"), "No file declares a segment `germens`", "Did you mean `germans`?"),
        (("germans", "free"), "segments/FREE.yaml exists already", "another name"),
        (("braces", "block"), "is written in braces", "Write it in lines"),
        (("germans", "back", "--env", "nowhere"), "no environment `nowhere`", "dev"),
    ],
    ids=lambda one: " ".join(one)[:30] if isinstance(one, tuple) else "",
)
def test_refusals_name_the_way_out(deployed: Cli, arguments: tuple[str, ...], reason: str, way_out: str) -> None:
    casino = deployed.casino
    casino.segment("gone", {"country": "IT"})
    casino.apply()
    casino.remove("gone")
    casino.write("segments/FREE.yaml", "kind: Segment\nname: other\ntype: dynamic\nrules: {country: FR}\n")
    casino.write("segments/braces.yaml", "{kind: Segment, name: braces, type: dynamic, rules: {country: FR}}\n")
    before = sorted(path.name for path in (casino.root / "segments").rglob("*"))

    said = deployed("clone", *arguments)

    assert said.code == 1
    assert reason in " ".join(said.err.split())
    assert way_out in said.err
    assert sorted(path.name for path in (casino.root / "segments").rglob("*")) == before


def test_a_title_that_hides_something_is_refused(cli: Cli) -> None:
    cli.casino.segment("germans", {"country": "DE"}, title="Germans")

    said = cli("clone", "germans", "others", "--title", "a\u202eb")

    assert said.code == 1
    assert "SEG009" in said.err
    assert not (cli.casino.root / "segments/others.yaml").exists()


def test_before_the_first_apply_no_state_is_made(cli: Cli) -> None:
    cli.casino.segment("germans", {"country": "DE"})

    assert cli("clone", "germans", "others").code == 0
    assert not cli.casino.state.exists()
