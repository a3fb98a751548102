"""segctl schema: where it is written, when it is out of date, and what stops it."""

from __future__ import annotations

import json

import pytest
from jsonschema import Draft7Validator

from tests.cli.conftest import Cli

FILE = "schemas/segments.schema.json"


def test_it_is_printed_or_written(cli: Cli) -> None:
    printed = cli("schema")
    written = cli("schema", "-o", FILE)

    assert printed.code == written.code == 0
    assert (cli.casino.root / FILE).read_text() == printed.out
    assert f"Wrote {FILE}" in written.out


def test_it_knows_the_project_s_own_catalog_and_names(cli: Cli) -> None:
    cli.casino.segment("germans", {"country": "DE"})

    made = json.loads(cli("schema").out)

    assert made["definitions"]["of_deposit_count"]["title"] == "Deposits"
    assert made["definitions"]["name_of_segment"]["examples"] == ["germans"]


@pytest.mark.parametrize("kind", ["segment", "rule", "list", "test", "catalog", "settings"])
def test_a_kind_alone(cli: Cli, kind: str) -> None:
    said = cli("schema", kind)

    assert said.code == 0
    assert json.loads(said.out)["$schema"]


def test_a_check_tells_whether_the_file_marks_what_is_true_now(cli: Cli) -> None:
    missing = cli("schema", "--check")
    cli("schema", "-o", FILE)
    fresh = cli("schema", "--check")
    cli.casino.segment("germans", {"country": "DE"})
    named = cli("schema", "--check")
    catalog = cli.casino.root / "segments/catalog.yaml"
    catalog.write_text(catalog.read_text().replace("  vip_level:", "  loyalty:"))
    stale = cli("schema", "--check")

    assert [said.code for said in (missing, fresh, named, stale)] == [1, 0, 0, 1]
    assert f"segctl schema -o {FILE}" in missing.err
    assert f"segctl schema -o {FILE}" in stale.err


def test_a_catalog_with_mistakes_is_shown_and_nothing_is_written(cli: Cli) -> None:
    catalog = cli.casino.root / "segments/catalog.yaml"
    catalog.write_text(catalog.read_text().replace("type: integer", "type: intger"))

    said = cli("schema", "-o", FILE)

    assert said.code == 1
    assert "SEG206" in said.err
    assert not (cli.casino.root / FILE).exists()


def test_mistakes_of_segments_do_not_stop_it(cli: Cli) -> None:
    cli.casino.segment("broken", {"countri": "DE"})

    assert cli("schema").code == 0


def test_a_check_writes_nothing(cli: Cli) -> None:
    said = cli("schema", "--check", "-o", FILE)

    assert said.code == 1
    assert not (cli.casino.root / FILE).exists()


def test_init_writes_one_that_is_up_to_date(cli: Cli) -> None:
    cli("init", "new")

    said = cli("schema", "--check", "-C", "new")

    assert said.code == 0, said.err


def test_init_keeps_an_editor_s_settings_and_says_so(cli: Cli) -> None:
    (cli.casino.root / "new/.vscode").mkdir(parents=True)
    mine = cli.casino.root / "new/.vscode/settings.json"
    mine.write_text('{"editor.tabSize": 8}')

    said = cli("init", "new")

    assert mine.read_text() == '{"editor.tabSize": 8}'
    assert ".vscode/settings.json was there and is kept" in said.out


def test_it_is_a_draft_7_schema_of_every_kind(cli: Cli) -> None:
    made = json.loads(cli("schema").out)

    Draft7Validator.check_schema(made)
    assert made["properties"]["kind"]["enum"] == ["Segment", "Rule", "List", "SegmentTest", "Catalog"]
