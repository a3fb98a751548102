"""Documents as the data that a schema is held against, read as segctl reads them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from segctl.files.shipped import schema
from segctl.model.catalog import Catalog
from segctl.spec.editor.schema import Declared, editor_schema
from segctl.spec.page import Page
from segctl.spec.scalar import plain
from segctl.spec.yaml import documents

ROOT = Path(__file__).parent.parent.parent
SHIPPED = {name: json.loads(schema(name)) for name in ("catalog", "segment")}


def data_of(path: Path) -> list[Any]:
    """The documents of a file. Player ids are texts, whatever they look like."""
    page = Page(path.name)
    found = [
        plain(node, texts=frozenset(("players",)), opaque=frozenset())
        for node in documents(page, path.read_bytes())
    ]
    assert page.mistakes == []
    return found


def schema_of(catalog: Catalog) -> dict[str, Any]:
    """What an editor reads, for a catalog and no names."""
    return editor_schema(catalog, Declared(), SHIPPED)
