"""What holds for every plan: applying it leaves nothing to plan, and order and spelling change nothing."""

import json
import shutil
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import jsonschema
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from segctl.base.digest import canonical_json
from segctl.plan.seal import as_json, as_text, read_plan
from tests.support.casino import Casino

SCHEMA = Path(__file__).parents[2] / "schemas/plan.v1.json"
RULES: list[dict[str, Any]] = [
    {"country": "DE"},
    {"all": [{"vip_level": {"gte": 2}}, {"none": [{"country": ["GB", "IT"]}]}]},
    {"any": [{"deposit_count": {"gte": 2}}, {"last_login": {"older_than": "30d"}}]},
    {"all": [{"during": {"last": "30d"}, "all": [{"deposit_amount": {"gte": 20}}, {"country": {"ne": "IT"}}]}]},
    {"none": [{"email": {"contains": "example"}}]},
]
SMALLER = {"title": "A", "tags": ["x", "y"], "owner": "crm", "description": "Who pays."}


def a_project(casino: Casino) -> None:
    casino.segment("germans", RULES[0])
    casino.segment("vip", RULES[1], **SMALLER)
    casino.segment("snapshot", RULES[2], type="static")
    casino.segment("picks", {"in_segment": "germans"}, type="players", players=["anna", "emil", "ghost"])
    casino.segment("both", {"all": [{"in_segment": "vip"}, {"in_segment": "germans"}]})


def test_planning_again_after_applying_is_empty(casino: Casino) -> None:
    a_project(casino)

    casino.apply()

    assert casino.plan().empty


def test_time_alone_is_no_change_of_definition(casino: Casino) -> None:
    a_project(casino)
    casino.apply()

    casino.later(days=90)

    assert casino.plan().empty


def test_order_of_conditions_tags_and_values_is_no_change(casino: Casino) -> None:
    casino.segment("vip", {"all": [{"country": ["DE", "IT"]}, {"vip_level": {"gte": 2}}]}, tags=["a", "b"])
    casino.apply()

    casino.segment("vip", {"all": [{"vip_level": {"gte": 2}}, {"country": ["IT", "DE"]}]}, tags=["b", "a"])

    assert casino.plan().empty


def test_where_a_segment_stands_is_no_change(casino: Casino) -> None:
    a_project(casino)
    casino.apply()
    texts = [(casino.root / f"segments/{name}.yaml").read_text() for name in ("vip", "germans", "both")]

    for name in ("vip", "germans", "both"):
        casino.remove(name)
    casino.write("segments/deep/down/one.yml", "\n---\n".join(["# moved", *texts]))

    assert casino.plan().empty


def test_a_plan_survives_its_file(casino: Casino) -> None:
    a_project(casino)
    casino.apply()
    casino.segment("vip", RULES[3])
    casino.segment("germans", RULES[1], title="x", purpose="service")
    casino.remove("snapshot")
    plan = casino.plan()

    again = read_plan(as_text(plan), "plan.json")

    assert again.id == plan.id
    assert canonical_json(as_json(again)) == canonical_json(as_json(plan))
    assert as_text(again) == as_text(plan)


def test_a_plan_fits_its_schema(casino: Casino) -> None:
    validator = jsonschema.validators.validator_for(json.loads(SCHEMA.read_text()))
    check = validator(json.loads(SCHEMA.read_text()))
    a_project(casino)
    first = casino.apply()
    casino.segment("germans", RULES[4])
    casino.segment("gold", RULES[2], renamed_from="vip")
    casino.remove("vip")
    casino.segment("both", {"all": [{"in_segment": "gold"}, {"in_segment": "germans"}]})
    casino.segment("snapshot", RULES[1], type="static")
    casino.remove("picks")

    for plan in (first, casino.plan(), casino.apply(), casino.plan()):
        assert [error.message for error in check.iter_errors(as_json(plan))] == []


def test_the_same_inputs_at_the_same_instant_are_the_same_plan(casino: Casino) -> None:
    a_project(casino)

    first, second = casino.plan(), casino.plan()
    casino.later(seconds=1)
    third = casino.plan()

    assert as_text(first) == as_text(second)
    assert third.id != first.id
    assert third.intent == first.intent


# what an editor may do to a project: a name, and what becomes of it
EDIT = st.tuples(
    st.sampled_from(["add", "remove", "rules", "title", "rename", "type", "reorder"]),
    st.integers(0, 4),
    st.sampled_from(RULES),
)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.lists(EDIT, min_size=1, max_size=4), min_size=1, max_size=3))
def test_whatever_is_edited_one_apply_settles_it(fresh_casino: Path, rounds: list[list[Any]]) -> None:
    with TemporaryDirectory() as folder:
        casino = Casino(Path(shutil.copytree(fresh_casino, Path(folder) / "casino")))
        files: dict[str, dict[str, Any]] = {}
        for edits in rounds:
            for one in files.values():
                one.pop("renamed_from", None)
            deployed = frozenset(files)
            for number, edit in enumerate(edits):
                _edit(files, edit, deployed, fresh=f"s{casino.now:%d}-{number}")
            _write(casino, files)
            if not casino.plan().empty:
                casino.apply()

            assert casino.plan().empty
            casino.later(days=1)


def _edit(
    files: dict[str, dict[str, Any]],
    edit: tuple[str, int, dict[str, Any]],
    deployed: frozenset[str],
    *,
    fresh: str,
) -> None:
    what, which, rules = edit
    names = sorted(files)
    name = names[which % len(names)] if names else None
    match what, name:
        case ("add", _) | (_, None):
            files[fresh] = {"rules": rules, "type": "static" if which % 2 else "dynamic"}
        case "remove", str():
            del files[name]
        case "rename", str() if name in deployed:
            files[fresh] = {**files.pop(name), "renamed_from": name}
        case "reorder", str():
            files[name] = dict(reversed(files[name].items()))
        case "title", str():
            files[name]["title"] = f"Title {which}"
        case "type", str():
            files[name]["type"] = "dynamic" if files[name]["type"] == "static" else "static"
        case "rules", str():
            files[name]["rules"] = rules


def _write(casino: Casino, files: dict[str, dict[str, Any]]) -> None:
    for path in (casino.root / "segments").glob("s*.yaml"):
        path.unlink()
    for name, keys in files.items():
        casino.segment(name, **keys)
