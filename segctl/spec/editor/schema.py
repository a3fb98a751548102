"""The whole schema that an editor reads: one file for every document of a project. Plain data, no disk.

The same catalog and names give the same schema. It holds what the catalog says and names of documents, so no value
of a player is ever in it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from segctl.model.catalog import Catalog
from segctl.spec.editor.catalogs import embedded
from segctl.spec.editor.events import event_definitions
from segctl.spec.editor.fields import field_definitions
from segctl.spec.editor.others import list_document, rule_document
from segctl.spec.editor.parts import NAME, Schema, is_text, one_of
from segctl.spec.editor.rules import rule_definitions
from segctl.spec.editor.segments import segment_definitions, segment_document
from segctl.spec.editor.tests import test_definitions, test_document
from segctl.spec.editor.values import VALUES
from segctl.spec.editor.windows import ranges, window

KINDS = {
    "Segment": "A group of players.",
    "Rule": "A named rule that other rules use.",
    "List": "A named list of values that conditions compare with.",
    "SegmentTest": "Invented players, a clock, and who must be in the segment when.",
    "Catalog": "Which fields rules may use, and where they live.",
}
_NAMES = ("name_of_segment", "name_of_rule", "name_of_list")


@dataclass(frozen=True, slots=True)
class Declared:
    """The names that documents of the project have. An editor offers them; others are no mistake."""

    segments: Iterable[str] = ()
    rules: Iterable[str] = ()
    lists: Iterable[str] = ()


def editor_schema(
    catalog: Catalog, declared: Declared, shipped: Mapping[str, Any], kind: str | None = None
) -> Schema:
    """The schema of all kinds of documents, or of one of them.

    `shipped` are schemas that are the same for all projects, as data: `catalog` is taken over whole, and of a
    `segment` no key is offered that is not in its schema.
    """
    catalog_document, catalog_parts = embedded(shipped["catalog"], "catalog_")
    kinds: dict[str, Schema] = {
        "Segment": segment_document(catalog, shipped["segment"]["properties"]),
        "Rule": rule_document(),
        "List": list_document(),
        "SegmentTest": test_document(),
        "Catalog": catalog_document,
    }
    kinds = {name: schema for name, schema in kinds.items() if kind in (None, name)}
    branches = [{"if": is_text("kind", name), "then": schema} for name, schema in kinds.items()]
    head = one_of({name: KINDS[name] for name in kinds}, "Kind", "What this document is.")
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": f"Documents over the catalog {catalog.name}",
        "description": "Made by segctl schema from the catalog: change the catalog, and make it again.",
        "type": "object",
        "properties": {"kind": head},
        "allOf": [{"required": ["kind"]}, *branches],
        "definitions": dict(sorted({**_definitions(catalog, declared), **catalog_parts}.items())),
    }


def schema_text(schema: Schema) -> str:
    """The text of its file: one line a definition, so that a change of the catalog is a short diff."""
    parts = [f"{json.dumps(key)}: {_value(key, part)}" for key, part in schema.items()]
    return "{\n" + ",\n".join(parts) + "\n}\n"


def without_names(text: str) -> Any:
    """What a schema's text says but for the names it offers: two that agree in it mark the same mistakes.

    None if the text is no JSON, or no mapping.
    """
    try:
        data = json.loads(text)
    except ValueError:
        return None
    definitions = data.get("definitions") if isinstance(data, dict) else None
    for name in _NAMES:
        one = definitions.get(name) if isinstance(definitions, dict) else None
        if isinstance(one, dict):
            one.pop("examples", None)
    return data if isinstance(data, dict) else None


def _value(key: str, part: Any) -> str:
    if key not in ("definitions", "allOf"):
        return json.dumps(part, ensure_ascii=False)
    if isinstance(part, list):
        return "[\n" + ",\n".join(json.dumps(one, ensure_ascii=False) for one in part) + "\n]"
    lines = (f"{json.dumps(name)}: {json.dumps(one, ensure_ascii=False)}" for name, one in part.items())
    return "{\n" + ",\n".join(lines) + "\n}"


def _definitions(catalog: Catalog, declared: Declared) -> dict[str, Schema]:
    named = zip(_NAMES, (declared.segments, declared.rules, declared.lists), strict=True)
    return {
        **VALUES,
        **field_definitions(catalog),
        **event_definitions(catalog),
        **rule_definitions(catalog),
        **segment_definitions(catalog),
        **test_definitions(catalog),
        "window": window(),
        "range": ranges(),
        **{name: _name(names) for name, names in named},
    }


def _name(known: Iterable[str]) -> Schema:
    """Of a list or a mapping it says nothing, since those have a part of their own."""
    return {"pattern": NAME, "examples": sorted(known)}
