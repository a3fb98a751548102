"""`kind: Rule` and `kind: List` documents: what segments use by name. And guards, which settings state."""

from __future__ import annotations

from dataclasses import dataclass

from segctl.model.segment import Guard, NamedList, NamedRule
from segctl.spec.desk import Desk
from segctl.spec.node import Mapping, Scalar, text, texts
from segctl.spec.page import Page
from segctl.spec.reading import Reading, Use
from segctl.spec.rules import read_rules
from segctl.spec.scalar import plain
from segctl.spec.scope import Scope
from segctl.spec.shape import misshapen

_NO_TEXTS: frozenset[str] = frozenset()
_OPAQUE = frozenset(("rules",))


@dataclass(frozen=True, slots=True)
class RuleRead:
    """A named rule as far as it could be read."""

    page: Page
    name: Scalar | None
    uses: tuple[Use, ...]
    rule: NamedRule | None


@dataclass(frozen=True, slots=True)
class ListRead:
    """A named list as far as it could be read."""

    page: Page
    name: Scalar | None
    list: NamedList | None


@dataclass(frozen=True, slots=True)
class GuardRead:
    """A guard as far as it could be read. `key` is the name of its purpose, where it stands."""

    page: Page
    key: Scalar
    uses: tuple[Use, ...]
    guard: Guard | None


def read_rule(page: Page, node: Mapping, desk: Desk) -> RuleRead:
    """A rule that others use: `rule: active-depositor`."""
    before = len(page.mistakes)
    name = node.get("name")
    name = name if type(name) is Scalar else None
    wrong = misshapen(page, node, plain(node, texts=_NO_TEXTS, opaque=_OPAQUE), desk.schemas("rule"))
    reading, body = Reading(page, desk.scope), node.get("rules")
    rule = read_rules(reading, body) if type(body) is Mapping else None
    uses = tuple(reading.uses)
    if wrong or len(page.mistakes) > before or name is None or rule is None:
        return RuleRead(page, name, uses, None)
    about = text(node, "title"), text(node, "description")
    return RuleRead(page, name, uses, NamedRule(name.text, rule, *about, page.span(name)))


def read_list(page: Page, node: Mapping, desk: Desk) -> ListRead:
    """Values that conditions compare with: `country: {in_list: dach}`."""
    before = len(page.mistakes)
    name = node.get("name")
    name = name if type(name) is Scalar else None
    wrong = misshapen(page, node, plain(node, texts=_NO_TEXTS, opaque=_NO_TEXTS), desk.schemas("list"))
    if wrong or len(page.mistakes) > before or name is None:
        return ListRead(page, name, None)
    about = text(node, "title"), text(node, "description")
    return ListRead(page, name, NamedList(name.text, texts(node, "values"), *about, page.span(name)))


def read_guard(page: Page, key: Scalar, node: Mapping, scope: Scope) -> GuardRead:
    """What every member of a segment of one purpose must be."""
    reading = Reading(page, scope)
    rule = read_rules(reading, node)
    guard = None if rule is None else Guard(key.text, rule, page.span(key))
    return GuardRead(page, key, tuple(reading.uses), guard)
