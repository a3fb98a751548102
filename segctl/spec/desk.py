"""What every reader of a document is given beside the document. Plain data and two ways to ask outside."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from segctl.model.catalog import Catalog
from segctl.spec.players import Lists
from segctl.spec.scope import Scope

# The name of a schema, such as `segment` → its text.
Schemas = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Desk:
    """`scope` is what rules may name, `catalog` where they come from; None if it has mistakes."""

    scope: Scope
    schemas: Schemas
    lists: Lists
    catalog: Catalog | None = None
