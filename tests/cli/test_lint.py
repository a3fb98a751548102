"""`segctl lint` on the command line: exit codes, forms, choices of codes and files, and what it writes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from segctl.base.errors import Refused
from segctl.workflow.lint import Wanted, mend, write
from tests.cli.conftest import Cli

SPARE = """kind: Segment
name: payers
title: Payers
type: dynamic
rules:
  all:
    # at least five
    - deposit_count: {gte: 5} # too few
    - deposit_count: {gte: 10}
    - country: DE
"""
NOBODY = "kind: Segment\nname: nobody\ntype: dynamic\nrules: {all: [{country: DE}, {country: GB}]}\n"


@pytest.fixture
def linting(cli: Cli) -> Cli:
    cli.casino.write("segments/payers.yaml", SPARE)
    return cli


def test_warnings_fail_only_when_they_should(linting: Cli) -> None:
    assert linting("lint").code == 0
    assert linting("lint", "--strict").code == 1
    linting.casino.write("segments/nobody.yaml", NOBODY)
    assert linting("lint").code == 1


def test_a_finding_is_shown_where_it_stands(linting: Cli) -> None:
    said = linting("lint")

    assert "warning[SEG604]: Condition changes nothing\n --> segments/payers.yaml:8:7" in said.out
    assert "1 warning in 1 of" in said.out


def test_json_is_alone_on_stdout(linting: Cli) -> None:
    said = linting("lint", "--json")

    found = json.loads(said.out)["diagnostics"]
    assert [(one["code"], one["line"]) for one in found] == [("SEG604", 8)]
    assert linting("lint", "--format", "github").out.startswith("::warning file=segments/payers.yaml,line=8")


def test_codes_and_files_limit_what_is_told(linting: Cli) -> None:
    linting.casino.write("segments/nobody.yaml", NOBODY)

    assert "SEG604" not in linting("lint", "--select", "seg601").out
    assert "SEG601" not in linting("lint", "--ignore", "SEG601").out
    assert "SEG604" not in linting("lint", "segments/nobody.yaml").out
    assert "SEG604" in linting("lint", "segments").out
    assert "SEG620" in linting("lint", "--all", "segments/nobody.yaml").out


def test_what_is_not_there_is_refused_with_a_way_out(linting: Cli) -> None:
    assert "SEG101 is not a code of segctl lint" in linting("lint", "--select", "SEG101").err
    said = linting("lint", "segments/gone.yaml")
    assert (said.code, "segments/gone.yaml is no document of this project" in said.err) == (1, True)


def test_mistakes_come_first(linting: Cli) -> None:
    linting.casino.write("segments/wrong.yaml", "kind: Segment\nname: wrong\ntype: dynamic\nrules: {contry: DE}\n")

    said = linting("lint")

    assert (said.code, "SEG101" in said.err, "SEG604" in said.out + said.err) == (1, True, False)


def test_a_diff_writes_nothing(linting: Cli) -> None:
    path = Path("segments/payers.yaml")

    said = linting("lint", "--diff")

    assert "\n-    - deposit_count: {gte: 5} # too few\n" in said.out
    assert (said.code, path.read_text()) == (0, SPARE)


def test_fixing_takes_out_one_line_and_keeps_the_rest(linting: Cli) -> None:
    path = Path("segments/payers.yaml")

    said = linting("lint", "--fix")

    assert "Fixed 1 file: segments/payers.yaml." in said.err
    assert path.read_text() == SPARE.replace("    - deposit_count: {gte: 5} # too few\n", "")
    assert "Nothing to fix." in linting("lint", "--fix").err


def test_a_file_that_changes_meanwhile_is_not_overwritten(linting: Cli) -> None:
    loaded = linting.casino.loaded()
    mended = mend(loaded, linting.casino.now, Wanted())
    edited = SPARE + "# edited\n"
    linting.casino.write("segments/payers.yaml", edited)

    with pytest.raises(Refused, match="has changed since it was read"):
        write(mended, loaded)
    assert Path("segments/payers.yaml").read_text() == edited


def test_fixing_moves_nobody(linting: Cli) -> None:
    linting.casino.apply()
    before = linting.casino.members("payers")

    linting("lint", "--fix")
    linting.casino.apply()

    assert linting.casino.members("payers") == before


def test_the_last_line_counts_fields_that_no_rule_uses(linting: Cli) -> None:
    assert "of the catalog are in no rule." in linting("lint").err


def test_a_personal_value_is_not_repeated(linting: Cli) -> None:
    rules = {"all": [{"email": "anna@example.com"}, {"email": {"ne": "anna@example.com"}}]}
    linting.casino.segment("one", rules)

    said = linting("lint", "--all")

    assert "SEG601" in said.out
    assert "anna@example.com" not in said.out + said.err


def test_a_new_project_has_no_findings(cli: Cli) -> None:
    root = cli.casino.root / "new"
    cli("init", root)

    said = cli("lint", "--strict", "-C", root)

    assert (said.code, said.out) == (0, "No mistakes in 4 files.\n")
