"""segctl.yaml → settings."""

from __future__ import annotations

from segctl.base.diagnostic import Diagnostic
from segctl.base.source import Source
from segctl.model.settings import Environment, Settings
from segctl.spec.node import Mapping, Node, text
from segctl.spec.page import Page
from segctl.spec.scalar import plain
from segctl.spec.shape import misshapen
from segctl.spec.yaml import documents
from segctl.spec.zone import read_zone

_NOTHING: frozenset[str] = frozenset()


def read_settings(source: Source, schema: str) -> tuple[Settings | None, tuple[Diagnostic, ...]]:
    """The settings of a project, or the mistakes in them. `schema` is the text of settings.v1.json."""
    page = Page(source.file)
    nodes = documents(page, source.data)
    settings = None
    if not page.mistakes:
        settings = _settings(page, nodes, schema)
    return (None if page.mistakes else settings), tuple(page.mistakes)


def _settings(page: Page, nodes: list[Node], schema: str) -> Settings | None:
    if len(nodes) != 1 or type(nodes[0]) is not Mapping:
        page.start("SEG010", "The settings are one mapping with `name`, `timezone` and `environments`.")
        return None
    node = nodes[0]
    misshapen(page, node, plain(node, texts=_NOTHING, opaque=_NOTHING), schema)
    timezone = read_zone(page, node.get("timezone"))
    if page.mistakes or timezone is None:
        return None
    environments = node.entries["environments"][1]
    assert isinstance(environments, Mapping)  # noqa: S101 - the schema says so
    return Settings(
        text(node, "name"),
        timezone,
        {name: _environment(value) for name, (_, value) in environments.entries.items()},
    )


def _environment(node: Node) -> Environment:
    assert isinstance(node, Mapping)  # noqa: S101 - the schema says so
    return Environment(text(node, "warehouse"), text(node, "state"))
