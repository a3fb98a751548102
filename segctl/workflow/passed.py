"""Files that still name who was forgotten: such a list says what the state has of it, until it is edited."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection

from segctl.base.digest import keyed_digest
from segctl.model.segment import PlayerList, Segment
from segctl.plan.private import PRIVATE
from segctl.spec.scope import Scope
from segctl.spec.stored import stored_rule, stored_scope, stored_segment
from segctl.store import forgotten, private
from segctl.workflow.declared import DeclaredObject
from segctl.workflow.deployed import readable

# the digest of a list or a value → the keyed digests of those whom it named and who were forgotten
_Named = Mapping[str, frozenset[str]]


def passed_over(
    connection: Connection, declared: Mapping[str, DeclaredObject], secret: bytes
) -> Mapping[str, DeclaredObject]:
    """The same objects, under the same digests, less the ids that were forgotten while these lists named them."""
    named = _named(connection)
    touched = [one for one in declared.values() if _marks(one) & named.keys()]
    if not touched:
        return declared
    catalog = next(one.catalog for one in declared.values() if one.catalog is not None)
    desk = _Desk(connection, named, secret, stored_scope(catalog))
    return {**declared, **{one.address: desk.kept(one) for one in touched}}


def _named(connection: Connection) -> _Named:
    found: dict[str, frozenset[str]] = {}
    for one in forgotten.everyone(connection):
        for mark in one.lists:
            found[mark] = found.get(mark, frozenset()) | {one.player}
    return found


def _marks(one: DeclaredObject) -> set[str]:
    return {*one.private, *_list_mark(one.definition)}


def _list_mark(definition: Mapping[str, Any]) -> tuple[str, ...]:
    """The digest of a `players` segment's list, whose ids stand in no blob."""
    listed = definition.get("players")
    return (listed[PRIVATE],) if isinstance(listed, Mapping) and PRIVATE in listed else ()


@dataclass(frozen=True, slots=True)
class _Desk:
    connection: Connection
    named: _Named
    secret: bytes
    scope: Scope

    def kept(self, one: DeclaredObject) -> DeclaredObject:
        """An object read from what the state has of its lists and values."""
        whole = readable(one.definition, {mark: self._content(mark, own) for mark, own in one.private.items()})
        if one.segment is not None:
            return replace(one, segment=self._segment(one, one.segment, whole))
        if one.rule is not None:
            return replace(one, rule=stored_rule(whole, one.address, self.scope))
        return replace(one, values=tuple(whole["values"]))

    def _content(self, mark: str, own: bytes) -> Any:
        return json.loads(private.get(self.connection, mark) or own)

    def _segment(self, one: DeclaredObject, segment: Segment, whole: Mapping[str, Any]) -> Segment:
        read = stored_segment(whole, one.name, self.scope)
        made = replace(segment, rules=read.rules, include=read.include, exclude=read.exclude, scope=read.scope)
        gone = frozenset[str]().union(*(self.named.get(mark, frozenset()) for mark in _list_mark(one.definition)))
        if segment.players is None or not gone:
            return made
        ids = tuple(one for one in segment.players.ids if keyed_digest(self.secret, one) not in gone)
        return replace(made, players=PlayerList(ids, segment.players.file))
