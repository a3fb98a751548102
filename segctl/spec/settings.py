"""segctl.yaml → settings."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from segctl.base.diagnostic import Diagnostic
from segctl.base.source import Source
from segctl.model.policy import NO_POLICIES
from segctl.model.segment import MARKETING
from segctl.model.settings import INGEST_LAG, NO_LIMITS, Environment, Limits, Publishing, Settings
from segctl.spec.moments import read_duration
from segctl.spec.node import Entry, Mapping, Node, Scalar, text, texts
from segctl.spec.page import Page
from segctl.spec.policies import read_access, read_policies
from segctl.spec.scalar import plain
from segctl.spec.shape import misshapen
from segctl.spec.webhooks import read_webhooks
from segctl.spec.yaml import documents
from segctl.spec.zone import read_zone

_NOTHING: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class GuardNodes:
    """Guards as they stand in the settings: they are read when the catalog is known."""

    file: str
    entries: tuple[Entry, ...] = ()


NO_GUARDS = GuardNodes("segctl.yaml")


@dataclass(frozen=True, slots=True)
class SettingsRead:
    """`settings` is None if there are errors among the mistakes."""

    settings: Settings | None
    mistakes: tuple[Diagnostic, ...]
    guards: GuardNodes = NO_GUARDS


def read_settings(source: Source, schema: str) -> SettingsRead:
    """The settings of a project, or the mistakes in them. `schema` is the text of settings.v1.json."""
    page = Page(source.file)
    nodes = documents(page, source.data)
    settings, guards = None, GuardNodes(source.file)
    if not page.mistakes:
        settings = _settings(page, nodes, schema)
    if settings is not None and type(nodes[0]) is Mapping:
        guards = _guards(page, nodes[0])
    failed = any(mistake.severity == "error" for mistake in page.mistakes)
    return SettingsRead(None if failed else settings, tuple(page.mistakes), guards)


def _settings(page: Page, nodes: list[Node], schema: str) -> Settings | None:
    if len(nodes) != 1 or type(nodes[0]) is not Mapping:
        page.start("SEG010", "The settings are one mapping with `name`, `timezone` and `environments`.")
        return None
    node = nodes[0]
    misshapen(page, node, plain(node, texts=_NOTHING, opaque=_NOTHING), schema)
    timezone = read_zone(page, node.get("timezone"))
    policies = NO_POLICIES if page.mistakes else read_policies(page, node.get("approvals"))
    if page.mistakes or timezone is None:
        return None
    webhooks = read_webhooks(page, node.get("webhooks"))
    if page.mistakes:
        return None
    environments = node.entries["environments"][1]
    assert isinstance(environments, Mapping)  # noqa: S101 - the schema says so
    return Settings(
        text(node, "name"),
        timezone,
        {name: _environment(page, value) for name, (_, value) in environments.entries.items()},
        _limits(node.get("limits")),
        frozenset(texts(node, "allow")),
        policies,
        read_access(node.get("access")),
        webhooks,
        _insights(node.get("insights")),
        _publish(node.get("publish")),
    )


def _insights(node: Node | None) -> dict[str, tuple[str, ...]]:
    """The fields of each figure that is named: one, or several."""
    if type(node) is not Mapping:
        return {}
    return {
        name: (text(node, name),) if type(value) is Scalar else texts(node, name)
        for name, (_, value) in node.entries.items()
    }


def _publish(node: Node | None) -> Publishing:
    if type(node) is not Mapping:
        return Publishing()
    return Publishing(text(node, "to") or None, text(node, "schema", Publishing().schema))


def _limits(node: Node | None) -> Limits:
    if type(node) is not Mapping:
        return NO_LIMITS
    change = text(node, "max_change")
    sizes = [text(node, key) for key in ("min_members", "max_members")]
    return Limits(
        Decimal(change.removesuffix("%").strip()) if change else None,
        *(int(one) if one else None for one in sizes),
    )


def _environment(page: Page, node: Node) -> Environment:
    assert isinstance(node, Mapping)  # noqa: S101 - the schema says so
    features, lag, publish = (node.get(key) for key in ("features", "ingest_lag", "publish"))
    length = None if lag is None else read_duration(page, lag)
    return Environment(
        text(node, "warehouse"),
        text(node, "state"),
        None if features is None else text(node, "features"),
        length or INGEST_LAG,
        None if publish is None else text(node, "publish"),
    )


def _guards(page: Page, node: Mapping) -> GuardNodes:
    """The guards by purpose. A project whose marketing is unguarded is told so."""
    guards = node.get("guards")
    entries: dict[str, Entry] = guards.entries if type(guards) is Mapping else {}
    if MARKETING not in entries:
        at: Scalar = node.entries["guards" if "guards" in node.entries else "name"][0]
        page.mistake(
            "SEG403",
            at,
            "Segments are for marketing unless they say otherwise, and nothing is asked of their members.",
            "Write `guards: {marketing: {all: [{self_excluded: false}, {age: {gte: 18}}]}}` with your own fields.",
        )
    return GuardNodes(page.file, tuple(entries.values()))
