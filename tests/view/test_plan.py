"""Plans as text: each of plans.py, and what stands in tests/cases/plans."""

from __future__ import annotations

import json

import jsonschema
import pytest

from segctl.files.shipped import schema
from segctl.plan.document import Impact
from segctl.plan.seal import as_json, as_text, read_plan, sealed
from segctl.view.plan import plan_text, saved, summary
from segctl.view.style import ANSI
from segctl.view.width import cells
from tests.conftest import CASES
from tests.view.language import LANGUAGE_PLANS, new
from tests.view.plans import DESIGN, created, plan
from tests.view.plans import PLANS as BASIC_PLANS

PLANS = BASIC_PLANS | LANGUAGE_PLANS


@pytest.mark.parametrize("name", PLANS)
def test_plans_are_shown(name: str, *, accept: bool) -> None:
    text = plan_text(PLANS[name], then="Next:  segctl apply")

    expected = CASES / "plans" / f"{name}.txt"
    if accept:
        expected.write_text(text)
    assert text == expected.read_text()


@pytest.mark.parametrize("name", PLANS)
def test_lines_fit(name: str) -> None:
    body = plan_text(PLANS[name]).splitlines()[:-1]

    assert [line for line in body if cells(line) > 100 or line != line.rstrip()] == []


@pytest.mark.parametrize("name", PLANS)
def test_a_plan_read_back_is_shown_alike(name: str) -> None:
    read = read_plan(as_text(sealed(PLANS[name])), "p.json")

    assert plan_text(read) == plan_text(PLANS[name])


@pytest.mark.parametrize("name", PLANS)
def test_colour_adds_nothing_but_colour(name: str) -> None:
    painted = plan_text(PLANS[name], style=ANSI)

    for code in ("0", *(getattr(ANSI, name) for name in ANSI.__slots__)):
        painted = painted.replace(f"\x1b[{code}m", "")
    assert painted == plan_text(PLANS[name])


@pytest.mark.parametrize(("segments", "told"), [(12, True), (13, False)])
def test_a_few_new_segments_are_told_with_their_rules(segments: int, told: bool) -> None:  # noqa: FBT001 - a case
    many = plan(*(new(f"s-{n:02}", "dynamic", 1, rules={"country": {"eq": "DE"}}) for n in range(segments)))

    assert ("+ country is DE" in plan_text(many)) is told


def test_the_summary_line_is_what_programs_read() -> None:
    assert summary(DESIGN) == (
        "Plan: 1 to create, 1 to update, 1 to replace, 1 to rename, 1 to archive. "
        "Players: +13,180 joining, -88,192 leaving."
    )


def test_numbers_that_are_zero_are_left_out() -> None:
    assert summary(plan(created("a", Impact(0, 3, 3, 0)))) == "Plan: 1 to create. Players: +3 joining."
    assert summary(plan(created("a", Impact(0, 0, 0, 0)))) == "Plan: 1 to create."
    assert summary(plan(declared=1)) == "No changes. 1 segment is as declared."
    assert summary(plan(declared=0)) == "No changes. 0 segments are as declared."


def test_a_saved_plan_names_the_command_that_does_it() -> None:
    told = saved("plans/2026-11-22-7c1d04e.json", DESIGN)

    assert told.endswith("segctl apply plans/2026-11-22-7c1d04e.json")


@pytest.mark.parametrize("name", PLANS)
def test_plans_fit_their_schema(name: str) -> None:
    rules = json.loads(schema("plan"))
    jsonschema.Draft202012Validator.check_schema(rules)

    jsonschema.validate(json.loads(json.dumps(as_json(sealed(PLANS[name])))), rules)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("format_version",), 2),
        (("id",), "short"),
        (("changes", 0, "actions"), []),
        (("changes", 0, "actions"), ["delete"]),
        (("changes", 0, "impact", "before"), -1),
        (("changes", 0, "players"), ["p1"]),
        (("surprise",), 1),
        (("as_of",), None),
    ],
)
def test_what_is_no_plan_does_not_fit(path, value) -> None:
    document = json.loads(as_text(sealed(DESIGN)))
    inner = document
    for step in path[:-1]:
        inner = inner[step]
    inner[path[-1]] = value

    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(document, json.loads(schema("plan")))
