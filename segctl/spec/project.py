"""All documents of a project → catalog and segments, with every mistake that stands in them."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from segctl.base.diagnostic import Diagnostic, in_reading_order
from segctl.base.source import Source
from segctl.model.catalog import Catalog
from segctl.model.expand import Names
from segctl.model.segment import Guard, NamedList, NamedRule, Segment
from segctl.spec import node as yaml
from segctl.spec.catalog import CatalogRead, read_catalog
from segctl.spec.desk import Desk, Schemas
from segctl.spec.kinds import KINDS, Read
from segctl.spec.named import read_guard
from segctl.spec.page import Page, shown
from segctl.spec.players import Lists
from segctl.spec.recall import Memory, Recalled, Segments
from segctl.spec.recalled_test import Again, Tests
from segctl.spec.scope import NOTHING_KNOWN
from segctl.spec.settings import NO_GUARDS, GuardNodes
from segctl.spec.suggest import listed
from segctl.spec.together import Reads, compare
from segctl.spec.trials import compare_tests
from segctl.spec.yaml import documents

# A document whose first level says so, and nothing else at the beginning of a line: no other kind is in it.
_written = re.compile(rb"^[ \t]*[^#\s]", re.MULTILINE).search  # more than comments
_split = re.compile(rb"^---.*$", re.MULTILINE).split
_test = re.compile(rb"^kind: SegmentTest[ \t\r]*$", re.MULTILINE).search


@dataclass(frozen=True, slots=True)
class Project:
    """What a project says. `catalog` is None, and a segment is left out, if it has mistakes.

    `digests` are the SHA-256 of each file that was read, side files included, by name. Files that hold nothing but
    segment tests decide no members: they are read only where `tests` are asked for, and have no digest.
    `recalled` are the documents that a cache brought, by the address of their segment.
    """

    catalog: Catalog | None
    segments: Mapping[str, Segment]
    rules: Mapping[str, NamedRule]
    lists: Mapping[str, NamedList]
    guards: Mapping[str, Guard]
    diagnostics: tuple[Diagnostic, ...]
    digests: Mapping[str, str]
    tests: Tests = field(default_factory=lambda: Tests(()))
    recalled: Mapping[str, Recalled] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class _Opened:
    """A file and its documents, each with its kind."""

    page: Page
    documents: tuple[tuple[str, yaml.Mapping], ...]


def read_project(
    sources: Sequence[Source],
    lists: Lists,
    schemas: Schemas,
    guards: GuardNodes = NO_GUARDS,
    *,
    tests: bool = True,
    memory: Memory | None = None,
) -> Project:
    """Reads the documents, whatever their order: the catalog comes first, since the segments speak of it.

    What `memory` has of a file is taken instead of reading it, and what it may keep is noted there.
    """
    aside = {source.file for source in sources if only_tests(source)}
    files = sorted((s for s in sources if tests or s.file not in aside), key=lambda source: source.file)
    digests = {source.file: hashlib.sha256(source.data).hexdigest() for source in files}
    early = {source.file: _opened(source) for source in files if _may_hold_catalog(source)}
    desk = Desk(NOTHING_KNOWN, schemas, lists)
    catalogs = [
        read_catalog(opened.page, node, desk)
        for opened in early.values()
        for kind, node in opened.documents
        if kind == "Catalog"
    ]
    pages = [_one_catalog(catalogs)]
    if len(catalogs) == 1:
        desk = replace(desk, scope=catalogs[0].scope, catalog=catalogs[0].catalog)
    known = _memory(memory, catalogs, digests)
    reads = Reads()
    pages += [_read(one, early.get(one.file), desk, reads, known, digests[one.file]) for one in files]
    guard_page = Page(guards.file)
    pages.append(guard_page)
    for key, value in guards.entries:
        if type(value) is yaml.Mapping:
            reads.add(read_guard(guard_page, key, value, desk.scope))
    compare(reads, desk.catalog)
    project = _project(reads, desk, {file: one for file, one in digests.items() if file not in aside})
    _compare_tests(reads, project, whole=not any(page.mistakes for page in pages))
    found = tuple(in_reading_order(mistake for page in pages for mistake in page.mistakes))
    return replace(project, diagnostics=found)


def only_tests(source: Source) -> bool:
    """Does a file hold segment tests and nothing else? Where in doubt, no."""
    if b"SegmentTest" not in source.data:
        return False
    parts = [part for part in _split(source.data) if _written(part)]
    return bool(parts) and all(_test(part) for part in parts)


def _project(reads: Reads, desk: Desk, digests: Mapping[str, str]) -> Project:
    segments = Segments(reads.segments)
    return Project(
        catalog=desk.catalog,
        segments=segments,
        rules={read.rule.name: read.rule for read in reads.rules if read.rule is not None},
        lists={read.list.name: read.list for read in reads.lists if read.list is not None},
        guards={read.guard.purpose: read.guard for read in reads.guards if read.guard is not None},
        diagnostics=(),
        digests={**digests, **_list_digests(reads)},
        tests=Tests(reads.tests),
        recalled=segments.recalled(),
    )


def _compare_tests(reads: Reads, project: Project, *, whole: bool) -> None:
    """What a test says of its segment is looked at only where all segments could be read."""
    declared = [read.name.text for read in reads.segments if read.name is not None]
    guards = {purpose: guard.rule for purpose, guard in project.guards.items()}
    compare_tests(reads.tests, declared, project.segments if whole else {}, guards, names_of(project))


def names_of(project: Project) -> Names:
    """The rules and lists of a project by name."""
    rules = {name: one.rule for name, one in project.rules.items()}
    return Names(rules, {name: one.values for name, one in project.lists.items()})


def _may_hold_catalog(source: Source) -> bool:
    """Only the word itself, or an escape that spells it, can name the kind.

    The other files are read one by one, so that the nodes of all need not stay in memory together.
    """
    return b"Catalog" in source.data or b"\\" in source.data


def _list_digests(reads: Reads) -> dict[str, str]:
    sources = (read.list_source for read in reads.segments)
    return {source.file: source.digest for source in sources if source is not None}


def _memory(memory: Memory | None, catalogs: list[CatalogRead], digests: Mapping[str, str]) -> Memory | None:
    """The memory of files that are read with this catalog; none while the catalog has mistakes."""
    if memory is None or len(catalogs) != 1 or catalogs[0].page.mistakes:
        return None
    return memory.on(digests[catalogs[0].page.file])


def _read(
    source: Source, opened: _Opened | None, desk: Desk, reads: Reads, memory: Memory | None, digest: str
) -> Page:
    """Adds what a file says to `reads`, recalled if somebody remembers."""
    key = None if memory is None or opened is not None else memory.key(digest)
    if memory is not None and key is not None:
        page = Page(source.file)
        recalled = memory.recalled(key, page, Again(lambda: _documents(_opened(source), desk)))
        if recalled is not None:
            for one in recalled:
                reads.add(one)
            return page
    opened = opened or _opened(source)
    found = _documents(opened, desk)
    for read in found:
        reads.add(read)
    if memory is not None and key is not None and not opened.page.mistakes:
        memory.learn(key, found)
    return opened.page


def _documents(opened: _Opened, desk: Desk) -> list[Read]:
    return [KINDS[kind](opened.page, node, desk) for kind, node in opened.documents if kind != "Catalog"]


def _opened(source: Source) -> _Opened:
    page = Page(source.file)
    nodes = documents(page, source.data)
    if not nodes and not page.mistakes:
        page.start("SEG010", "The file is empty.", "Remove it, or write a document that begins with `kind:`.")
    return _Opened(page, tuple(found for node in nodes if (found := _document(page, node)) is not None))


def _document(page: Page, node: yaml.Node) -> tuple[str, yaml.Mapping] | None:
    if type(node) is not yaml.Mapping or "kind" not in node.entries:
        page.mistake("SEG010", node, "A document is a mapping with the key `kind`.", f"Kinds are {listed(KINDS)}.")
        return None
    value = node.entries["kind"][1]
    text = value.text if type(value) is yaml.Scalar else ""
    if text in KINDS:
        return text, node
    hint = page.did_you_mean(text, KINDS) or f"Kinds are {listed(KINDS)}."
    page.mistake("SEG011", value, f"There is no kind {shown(text)}.", hint)
    return None


def _one_catalog(catalogs: list[CatalogRead]) -> Page:
    """Notes a second catalog where it stands. The page is for what stands nowhere."""
    nowhere = Page("segments/catalog.yaml")
    if not catalogs:
        nowhere.start("SEG117", "No document of the project is a catalog.", "Write one: `kind: Catalog`.")
    for other in catalogs[1:]:
        first = catalogs[0].page.span(catalogs[0].at)
        other.page.mistake("SEG117", other.at, f"A catalog stands at {first} already.", "Keep one of them.")
    return nowhere
