"""All documents of a project → catalog and segments, with every mistake that stands in them."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from segctl.base.diagnostic import Diagnostic, in_reading_order
from segctl.base.source import Source
from segctl.model.catalog import Catalog
from segctl.model.segment import Segment
from segctl.spec import node as yaml_node
from segctl.spec.catalog import CatalogRead, read_catalog
from segctl.spec.kinds import KINDS, KindName
from segctl.spec.page import Page, shown
from segctl.spec.players import Lists
from segctl.spec.scope import NOTHING_KNOWN, Scope
from segctl.spec.segment import SegmentRead, read_segment
from segctl.spec.suggest import did_you_mean, listed
from segctl.spec.together import compared
from segctl.spec.yaml import documents

_TESTS = (".test.yaml", ".test.yml")
_Document = tuple[KindName, yaml_node.Mapping]
Schemas = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Project:
    """What a project says. `catalog` is None, and a segment is left out, if it has mistakes.

    `digests` are the SHA-256 of each file that was read, side files included, by name.
    """

    catalog: Catalog | None
    segments: Mapping[str, Segment]
    diagnostics: tuple[Diagnostic, ...]
    digests: Mapping[str, str]


def read_project(sources: Sequence[Source], lists: Lists, schemas: Schemas) -> Project:
    """Reads the documents in any order. `schemas` gives the text of a schema by name: `segment`, `catalog`."""
    ordered = sorted((s for s in sources if not s.file.endswith(_TESTS)), key=lambda source: source.file)
    digests = {source.file: hashlib.sha256(source.data).hexdigest() for source in ordered}
    pages: list[Page] = []
    first, early = _catalogs(ordered, pages)
    catalogs = [read_catalog(page, node, schemas(KINDS["Catalog"])) for page, node in first]
    scope = catalogs[0].scope if len(catalogs) == 1 else NOTHING_KNOWN
    reads = _segments(ordered, early, pages, scope, schemas, lists)
    _one_catalog(catalogs, pages)
    compared(reads)
    digests.update((read.list_source.file, read.list_source.digest) for read in reads if read.list_source)
    return Project(
        catalog=catalogs[0].catalog if len(catalogs) == 1 else None,
        segments={read.segment.name: read.segment for read in reads if read.segment is not None},
        diagnostics=tuple(in_reading_order(mistake for page in pages for mistake in page.mistakes)),
        digests=digests,
    )


def _catalogs(
    sources: list[Source], pages: list[Page]
) -> tuple[list[tuple[Page, yaml_node.Mapping]], dict[str, tuple[Page, list[_Document]]]]:
    """The catalogs, and all documents of the files that had to be opened to look for one.

    Only a file with the word `Catalog`, or with an escape that may spell it, can hold one. The other files are
    read one by one later, so that their nodes need not stay in memory together.
    """
    catalogs: list[tuple[Page, yaml_node.Mapping]] = []
    early: dict[str, tuple[Page, list[_Document]]] = {}
    for source in sources:
        if b"Catalog" in source.data or b"\\" in source.data:
            page = Page(source.file)
            pages.append(page)
            found = _documents(page, source)
            early[source.file] = (page, found)
            catalogs.extend((page, node) for kind, node in found if kind == "Catalog")
    return catalogs, early


def _segments(
    sources: list[Source],
    early: dict[str, tuple[Page, list[_Document]]],
    pages: list[Page],
    scope: Scope,
    schemas: Schemas,
    lists: Lists,
) -> list[SegmentRead]:
    schema = schemas(KINDS["Segment"])
    reads: list[SegmentRead] = []
    for source in sources:
        if source.file in early:
            page, found = early[source.file]
        else:
            page = Page(source.file)
            pages.append(page)
            found = _documents(page, source)
        for kind, node in found:
            if kind == "Segment":
                reads.append(read_segment(page, node, scope, schema, lists))  # noqa: PERF401 - reads better so
    return reads


def _documents(page: Page, source: Source) -> list[_Document]:
    nodes = documents(page, source.data)
    if not nodes and not page.mistakes:
        page.start("SEG010", "The file is empty.", "Remove it, or write a document that begins with `kind:`.")
    found: list[_Document] = []
    for node in nodes:
        kind = _kind(page, node)
        if kind is not None and type(node) is yaml_node.Mapping:
            found.append((kind, node))
    return found


def _kind(page: Page, node: yaml_node.Node) -> KindName | None:
    value = node.get("kind") if type(node) is yaml_node.Mapping else None
    if value is None:
        page.mistake("SEG010", node, "A document is a mapping with the key `kind`.", f"Kinds are {listed(KINDS)}.")
        return None
    text = value.text if type(value) is yaml_node.Scalar else ""
    for name in KINDS:
        if name == text:
            return name
    hint = did_you_mean(text, KINDS) or f"Kinds are {listed(KINDS)}."
    page.mistake("SEG011", value, f"There is no kind {shown(text)}.", hint)
    return None


def _one_catalog(catalogs: list[CatalogRead], pages: list[Page]) -> None:
    if not catalogs:
        page = Page("segments/catalog.yaml")
        page.start("SEG117", "No document of the project is a catalog.", "Write one: `kind: Catalog`.")
        pages.append(page)
    for other in catalogs[1:]:
        first = catalogs[0].page.span(catalogs[0].at)
        other.page.mistake("SEG117", other.at, f"A catalog stands at {first} already.", "Keep one of them.")
