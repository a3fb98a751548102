"""A plan's file: whatever is not a plan as segctl sealed it is refused before anything is asked or written."""

import json
from dataclasses import replace
from typing import Any

import pytest

from segctl.base.errors import Refused
from segctl.plan.document import Plan
from segctl.plan.seal import _id, as_json, as_text, read_plan, sealed
from tests.support.casino import Casino, refused


def planned_edit(casino: Casino) -> Plan:
    casino.segment("germans", {"country": "DE"})
    return casino.plan()


def edited(document: dict[str, Any], how: str) -> str:
    match how:
        case "a number":
            document["changes"][-1]["impact"]["after"] += 1
        case "a change taken out":
            del document["changes"][0]
        case "the seal":
            document["id"] = "0" * 64
        case "no seal":
            del document["id"]
        case "another format":
            document["format_version"] = 2
        case "a lone surrogate":
            document["environment"] = "\ud800"
        case "not a number":
            document["serial"] = float("nan")
    return json.dumps(document)


@pytest.mark.parametrize(
    ("how", "says"),
    [
        ("a number", "edited after segctl made it"),
        ("a change taken out", "edited after segctl made it"),
        ("the seal", "edited after segctl made it"),
        ("no seal", "edited after segctl made it"),
        ("a lone surrogate", "edited after segctl made it"),
        ("not a number", "edited after segctl made it"),
        ("another format", "plan format 2, and this segctl reads format 1"),
    ],
)
def test_an_edited_plan_is_refused(casino: Casino, how: str, says: str) -> None:
    text = edited(json.loads(as_text(planned_edit(casino))), how)

    with refused(casino, "plan.json", says):
        read_plan(text, "plan.json")


@pytest.mark.parametrize(
    "text",
    [
        *("", "hello", "[]", "null", "12", '"text"', "{}", '{"format_version": null}', "[" * 100_000),
        '{"format_version": 1' + ', "a": 1' * 3,
        '{"serial": ' + "9" * 5_000 + "}",
    ],
    ids=lambda text: text[:12] or "nothing",
)
def test_what_is_no_plan_is_refused(text: str) -> None:
    with pytest.raises(Refused, match=r"plan\.json (is not a segctl plan|has plan format)"):
        read_plan(text, "plan.json")


@pytest.mark.parametrize("part", ["changes", "secondary", "fields", "commit"])
def test_a_sealed_plan_of_the_wrong_shape_is_refused(casino: Casino, part: str) -> None:
    document = json.loads(as_text(planned_edit(casino)))
    broken = replace(read_plan(json.dumps(document), "plan.json"), **{part: ["x"]})
    text = as_text(sealed(replace(broken, changes=()))) if part != "changes" else as_text(_sealed_anyhow(broken))

    with pytest.raises(Refused, match="is not a segctl plan"):
        read_plan(text, "plan.json")


def _sealed_anyhow(plan: Plan) -> Plan:
    unsealed = replace(plan, id="")
    return replace(unsealed, id=_id(as_json(unsealed)))
