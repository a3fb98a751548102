"""segctl import: lists of other systems as segments, and files for what nobody declares. All of it or nothing."""

import json
from pathlib import Path

from tests.cli.conftest import Cli
from tests.support.casino import actions


def test_lists_become_segments_that_can_be_applied(deployed: Cli, tmp_path: Path) -> None:
    export = tmp_path / "audiences.csv"
    export.write_text("segment,player_id\nVIP hosts' picks,anna\nVIP hosts' picks,bert\nWeekend,cara\n")

    said = deployed("import", export, "--into", "segments/lists", "--owner", "crm", "--purpose", "service")

    assert said.code == 0, said.err
    assert "  + segments/lists/vip-hosts-picks.yaml   2 players from audiences.csv\n" in said.out
    assert said.out.endswith("To see what it would do:  segctl plan\n")
    casino = deployed.casino
    assert actions(casino.plan()) == {"segment.vip-hosts-picks": ("create",), "segment.weekend": ("create",)}
    casino.apply()
    assert casino.members("vip-hosts-picks") == {"anna", "bert"}
    text = (casino.root / "segments/lists/vip-hosts-picks.yaml").read_text()
    assert """title: "VIP hosts' picks\"""" in text
    assert "owner: crm" in text
    assert "purpose: service" in text
    assert "imported from audiences.csv on" in text


def test_many_ids_stand_in_a_side_file(deployed: Cli, tmp_path: Path) -> None:
    export = tmp_path / "many.json"
    export.write_text(json.dumps([f"p{number}" for number in range(25)]))

    said = deployed("import", export, "--json")

    (row,) = json.loads(said.out)
    assert (row["file"], row["side"], row["players"]) == ("segments/many.yaml", "segments/many.csv", 25)
    assert deployed("validate").code == 0


def test_nothing_is_written_if_one_name_is_taken(deployed: Cli, tmp_path: Path) -> None:
    export = tmp_path / "x.json"
    export.write_text('{"fresh": ["anna"], "germans": ["bert"]}')
    before = sorted(deployed.casino.root.rglob("*.yaml"))

    said = deployed("import", export)

    assert said.code == 1
    assert "`germans` is taken: segments/germans.yaml declares it." in said.err
    assert sorted(deployed.casino.root.rglob("*.yaml")) == before


def test_two_lists_of_one_name_are_refused(deployed: Cli, tmp_path: Path) -> None:
    export = tmp_path / "x.json"
    export.write_text('{"VIP!": ["anna"], "vip": ["bert"]}')

    assert "`vip` and `VIP!` would both be called `vip`" in deployed("import", export).err


def test_a_file_that_stands_there_is_not_written_over(deployed: Cli, tmp_path: Path) -> None:
    export = tmp_path / "x.json"
    export.write_text('{"fresh": ["anna"]}')
    standing = deployed.casino.write("segments/Fresh.yaml", "# mine\n")

    assert deployed("import", export).code == 1
    assert standing.read_text() == "# mine\n"


def test_what_is_deployed_and_not_declared_gets_its_file(deployed: Cli) -> None:
    casino = deployed.casino
    casino.write("segments/shared.yaml", "kind: Rule\nname: levels\nrules: {vip_level: {gte: 1}}\n")
    casino.segment("ruled", {"rule": "levels"})
    casino.apply()
    for name in ("germans", "picks", "ruled", "shared"):
        casino.remove(name)

    said = deployed("import", "--deployed", "--into", "segments/back")

    assert said.code == 0, said.err
    assert casino.plan().empty
    assert {path.name for path in (casino.root / "segments/back").iterdir()} == {
        "germans.yaml", "levels.yaml", "picks.yaml", "ruled.yaml",
    }  # fmt: skip
    assert "Everything that is deployed has a file." in deployed("import", "--deployed").out


def test_some_of_it_by_name(deployed: Cli) -> None:
    deployed.casino.remove("germans")
    deployed.casino.remove("british")

    assert deployed("import", "--deployed", "germans").code == 0
    assert actions(deployed.casino.plan()) == {"segment.british": ("archive",)}
    assert "A file declares `germans` already." in deployed("import", "--deployed", "germans").err
    assert "Did you mean `british`?" in deployed("import", "--deployed", "britsh").err


def test_nothing_named_is_refused(deployed: Cli) -> None:
    assert deployed("import").code == 1
