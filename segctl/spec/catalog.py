"""A `kind: Catalog` document → the catalog, and what rules may name even while it has mistakes."""

from __future__ import annotations

from dataclasses import dataclass

from segctl.model.catalog import Attribute, Catalog, EventTable, Metric, PlayerTable, Score
from segctl.spec.attributes import ages_fit, read_attribute
from segctl.spec.derived import Derivation, derive
from segctl.spec.desk import Desk
from segctl.spec.events import name_is_free, read_event
from segctl.spec.metrics import DERIVED, Events, read_metric
from segctl.spec.node import Mapping, Scalar, text
from segctl.spec.page import Page
from segctl.spec.scalar import plain
from segctl.spec.scope import Scope, of_catalog
from segctl.spec.scores import read_score
from segctl.spec.shape import Path, misshapen

_NO_TEXTS: frozenset[str] = frozenset()
_SECTIONS = ("attributes", "metrics", "scores")
_OPAQUE = frozenset(("where",))
Sections = dict[str, tuple[Scalar, Mapping]]


@dataclass(frozen=True, slots=True)
class CatalogRead:
    """`catalog` is None if anything is wrong with it; `scope` knows at least which names exist."""

    page: Page
    at: Scalar
    scope: Scope
    catalog: Catalog | None


def read_catalog(page: Page, node: Mapping, desk: Desk) -> CatalogRead:
    """Reads everything that can be read, so that mistakes of segments show beside those of the catalog."""
    before = len(page.mistakes)
    wrong = misshapen(page, node, plain(node, texts=_NO_TEXTS, opaque=_OPAQUE), desk.schemas("catalog"))
    unsure: set[str] = set()
    attributes = _attributes(page, node, wrong, unsure)
    unsure_events: set[str] = set()
    tables = _events(page, node, wrong, unsure_events)
    metrics = _metrics(page, node, wrong, unsure, Events(tables, frozenset(unsure_events)))
    player = _player(node)
    scores = _scores(page, node, wrong, unsure, player.key)
    _names_differ(page, node)
    catalog = Catalog(
        name=text(node, "name"),
        currency=text(node, "currency"),
        player=player,
        attributes=attributes,
        events=tables,
        metrics=metrics,
        scores=scores,
    )
    whole = all(type(node.get(name)) in (Mapping, type(None)) for name in _SECTIONS)
    scope = of_catalog(catalog, frozenset(unsure), frozenset(unsure_events), complete=whole)
    good = len(page.mistakes) == before and not wrong
    return CatalogRead(page, node.entries["kind"][0], scope, catalog if good else None)


def _player(node: Mapping) -> PlayerTable:
    player = node.get("player")
    if type(player) is not Mapping:
        return PlayerTable("", "")
    return PlayerTable(text(player, "table"), text(player, "key"), text(player, "updated_at") or None)


def _section(node: Mapping, name: str, wrong: frozenset[Path], unsure: set[str]) -> Sections:
    """The entries of a section whose shape is right; the names of the others go to the unsure."""
    section = node.get(name)
    if type(section) is not Mapping:
        return {}
    bad = {path[1] for path in wrong if len(path) > 1 and path[0] == name}
    good: Sections = {}
    for entry, (key, value) in section.entries.items():
        if entry not in bad and type(value) is Mapping:
            good[entry] = (key, value)
        else:
            unsure.add(entry)
    return good


def _attributes(page: Page, node: Mapping, wrong: frozenset[Path], unsure: set[str]) -> dict[str, Attribute]:
    found: dict[str, Attribute] = {}
    for name, (key, value) in _section(node, "attributes", wrong, unsure).items():
        attribute = read_attribute(page, name, value) if name_is_free(page, key) else None
        if attribute is None:
            unsure.add(name)
        else:
            found[name] = attribute
    section = node.get("attributes")
    if type(section) is Mapping:
        ages_fit(page, found, unsure, section)
    return found


def _events(page: Page, node: Mapping, wrong: frozenset[Path], unsure: set[str]) -> dict[str, EventTable]:
    found: dict[str, EventTable] = {}
    for name, (_, value) in _section(node, "events", wrong, unsure).items():
        event = read_event(page, name, value)
        if event is None:
            unsure.add(name)
        else:
            found[name] = event
    return found


def _metrics(
    page: Page, node: Mapping, wrong: frozenset[Path], unsure: set[str], events: Events
) -> dict[str, Metric]:
    found: dict[str, Metric] = {}
    derived: Sections = {}
    for name, (key, value) in _section(node, "metrics", wrong, unsure).items():
        if not name_is_free(page, key):
            unsure.add(name)
        elif sum(kind in value.entries for kind in DERIVED) == 1 and not _measures_too(value):
            derived[name] = (key, value)
        else:
            metric = read_metric(page, key, value, events)
            if metric is None:
                unsure.add(name)
            else:
                found[name] = metric
    derive(Derivation(page, found, unsure, derived))
    return found


def _scores(
    page: Page, node: Mapping, wrong: frozenset[Path], unsure: set[str], player_key: str
) -> dict[str, Score]:
    found: dict[str, Score] = {}
    for name, (key, value) in _section(node, "scores", wrong, unsure).items():
        score = read_score(page, name, value, player_key) if name_is_free(page, key) else None
        if score is None:
            unsure.add(name)
        else:
            found[name] = score
    return found


def _measures_too(node: Mapping) -> bool:
    return not {
        "sum",
        "count",
        "exists",
        "distinct",
        "count_days",
        "first",
        "last",
        "avg",
        "min",
        "max",
    }.isdisjoint(node.entries)


def _names_differ(page: Page, node: Mapping) -> None:
    """Attributes, metrics and scores are fields alike, so no name may be two of them."""
    first: dict[str, tuple[str, Scalar]] = {}
    for section in _SECTIONS:
        entries = node.get(section)
        for name, (key, _) in entries.entries.items() if type(entries) is Mapping else ():
            if name in first:
                kind, other = first[name]
                what = "an attribute" if kind == "attributes" else "a metric"
                detail = f"`{name}` is {what} too, on line {other.start.line + 1}."
                page.mistake("SEG107", key, detail, "Rename one of them.")
            first.setdefault(name, (section, key))
