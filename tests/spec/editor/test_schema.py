"""The schema that editors read: what it marks and what it lets pass, and that it is made alike each time."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from hypothesis import given
from jsonschema import Draft7Validator

from segctl.base.errors import Refused
from segctl.files.shipped import schema
from segctl.model.canonical_rule import rule_document
from segctl.model.catalog import Catalog
from segctl.spec.editor.schema import Declared, editor_schema, schema_text, without_names
from segctl.spec.stored import stored_rule, stored_scope
from segctl.workflow.editor import FILE, check_schema
from segctl.workflow.load import load
from tests.conftest import CASES
from tests.support.documents import ROOT, data_of, schema_of
from tests.support.documents import SHIPPED as SHIPPED_SCHEMAS
from tests.support.generate import World, random_world, worlds
from tests.support.project import opened

SHIPPED = sorted((ROOT / "segments").rglob("*.yaml"))
WRONG = data_of(CASES / "editor" / "wrong.yaml")
RIGHT = data_of(CASES / "editor" / "right.yaml")


def _catalog() -> Catalog:
    catalog = opened(ROOT).project.catalog
    assert catalog is not None
    return catalog


CATALOG = _catalog()
SCHEMA = schema_of(CATALOG)
VALIDATOR = Draft7Validator(SCHEMA)


def marks(document: Any) -> list[str]:
    return [f"{error.json_path}: {error.message[:200]}" for error in VALIDATOR.iter_errors(document)]


def name_of(document: Any) -> str:
    return f"{document.get('kind')} {document.get('name', document.get('segment'))}"


def parts(node: Any) -> Iterator[dict[str, Any]]:
    if isinstance(node, dict):
        yield node
    for part in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        yield from parts(part)


def authored(world: World) -> dict[str, Any]:
    """The world's rules as documents, but for those that segctl refuses: an empty text, a value that is not allowed."""
    scope = stored_scope(world.catalog)
    found = {}
    for name, rule in world.rules.items():
        document = rule_document(rule)
        with suppress(Refused):
            stored_rule({"kind": "Rule", "rules": document}, name, scope)
            found[name] = document
    return found


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_nothing_is_marked_in_what_is_shipped(path: Path) -> None:
    found = [mark for document in data_of(path) for mark in marks(document)]

    assert found == []


@pytest.mark.parametrize("document", RIGHT, ids=name_of)
def test_nothing_is_marked_in_what_is_right(document: Any) -> None:
    assert marks(document) == []


@pytest.mark.parametrize("document", WRONG, ids=name_of)
def test_what_is_wrong_is_marked(document: Any) -> None:
    assert marks(document)


@given(worlds())
def test_nothing_is_marked_in_rules_of_any_kind(world: World) -> None:
    validator = jsonschema_rs.Draft7Validator(schema_of(world.catalog))
    for name, rule in authored(world).items():
        document = {"kind": "Rule", "name": name, "rules": rule}

        assert [error.message for error in validator.iter_errors(document)] == []


def test_it_is_draft_7_and_explains_what_it_marks() -> None:
    Draft7Validator.check_schema(SCHEMA)
    text = json.dumps(SCHEMA)

    assert not {"oneOf", "anyOf"} & {key for part in parts(SCHEMA) for key in part}
    assert set(re.findall(r'"\$ref": "#/definitions/([^"]+)"', text)) <= set(SCHEMA["definitions"])


def test_patterns_are_whole_in_javascript() -> None:
    patterns = {part["pattern"] for part in parts(SCHEMA) if isinstance(part.get("pattern"), str)}

    assert all(pattern.startswith("^") and pattern.endswith("$") for pattern in patterns)
    assert not any(r"\Z" in pattern or "(?P" in pattern for pattern in patterns)


def test_every_field_says_what_it_is() -> None:
    fields = {name: SCHEMA["definitions"][f"of_{name}"] for name in CATALOG.fields}

    assert {name for name, one in fields.items() if not (one["title"] and one["description"])} == set()
    assert fields["total_deposit_count"]["title"] == "Number of deposits"
    assert "How often the player deposited." in fields["total_deposit_count"]["description"]
    assert "in minutes" in fields["session_minutes"]["description"]


def test_editors_escape_backticks_so_words_have_none() -> None:
    words = {
        part[key] for part in parts(SCHEMA) for key in ("title", "description") if isinstance(part.get(key), str)
    }
    own = {text for text in words if "`" in text} - set(re.findall(r'"description": "([^"]*)"', schema("catalog")))

    assert own == set()


def test_keys_of_documents_are_those_that_segctl_reads() -> None:
    for place, name in ((1, "segment"), (2, "rule"), (3, "list")):
        known = set(json.loads(schema(name))["properties"])

        assert {key for part in parts(SCHEMA["allOf"][place]) for key in part.get("properties", ())} == known


def test_one_kind_alone() -> None:
    alone = editor_schema(CATALOG, Declared(), SHIPPED_SCHEMAS, "Rule")
    validator = Draft7Validator(alone)

    assert validator.is_valid({"kind": "Rule", "name": "x", "rules": {"country": "DE"}})
    assert not validator.is_valid({"kind": "Segment", "name": "x", "type": "dynamic", "rules": {"country": "DE"}})


def test_the_same_catalog_and_names_make_the_same_text() -> None:
    one = schema_text(editor_schema(CATALOG, Declared(segments=("b", "a")), SHIPPED_SCHEMAS))
    other = schema_text(editor_schema(_catalog(), Declared(segments=("a", "b")), SHIPPED_SCHEMAS))

    assert one == other
    assert json.loads(one)["definitions"]["name_of_segment"]["examples"] == ["a", "b"]


def test_names_are_offered_and_others_are_no_mistake() -> None:
    named = schema_text(editor_schema(CATALOG, Declared(segments=("vip",)), SHIPPED_SCHEMAS))
    rule = {"kind": "Rule", "name": "x", "rules": {"in_segment": "not-there-yet"}}

    assert Draft7Validator(json.loads(named)).is_valid(rule)
    assert named != schema_text(SCHEMA)
    assert without_names(named) == without_names(schema_text(SCHEMA))


@pytest.mark.parametrize("text", ["", "no json", "[]", "{}", '{"definitions": 3}'])
def test_a_file_that_is_no_schema_agrees_with_none(text: str) -> None:
    assert without_names(text) != without_names(schema_text(SCHEMA))


def test_values_that_single_out_a_person_are_left_out() -> None:
    email = replace(CATALOG.attributes["email"], values=("anna@example.com",))
    catalog = replace(CATALOG, attributes={**CATALOG.attributes, "email": email})

    assert "anna@example.com" not in json.dumps(schema_of(catalog))


def test_most_rules_of_a_world_are_ones_that_an_author_could_write() -> None:
    world = random_world(1)

    assert len(authored(world)) > len(world.rules) / 2


def test_the_shipped_file_is_up_to_date() -> None:
    check_schema(load(ROOT))


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_shipped_documents_lead_an_editor_to_it(path: Path) -> None:
    lead = path.read_text().partition("\n")[0].partition("$schema=")[2]

    assert (path.parent / lead).resolve() == ROOT / FILE
