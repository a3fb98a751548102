"""The kinds of documents, and what each takes of a file. A new kind is a row here."""

from __future__ import annotations

from typing import Literal

KindName = Literal["Catalog", "Segment"]

# kind → the name of its schema, as files/shipped.py finds it.
KINDS: dict[KindName, str] = {
    "Catalog": "catalog",
    "Segment": "segment",
}
