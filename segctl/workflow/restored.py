"""A definition that the state holds → the text of a file: with what was private put back, as far as it is kept.

What is lost is left empty, so that validating finds it, and said in a comment.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

from pyroaring import BitMap
from sqlalchemy import Connection

from segctl.base.digest import keyed_digest
from segctl.files.lists import writable
from segctl.plan.private import PRIVATE, VALUE, restored
from segctl.spec.form.written import Erased, written
from segctl.store import definitions, history, membership, players
from segctl.store.definitions import Deployed, Version
from segctl.store.state import head
from segctl.view.figures import counted
from segctl.workflow.deployed import kept_values

_KINDS = {"segment": "Segment", "rule": "Rule", "list": "List"}
# a longer list stands in a file of its own
_MOST_INLINE = 20
# the name of such a file, and its ids
Side = tuple[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Past:
    """An object as it was at one version; `until` is the serial of the last run under it, None for the present."""

    object: Deployed
    version: Version
    definition: Mapping[str, Any]
    until: int | None = None


@dataclass(frozen=True, slots=True)
class Restored:
    """The text of a document, the lines of its side file if it has one, and what could not be put back."""

    text: str
    side: Side | None
    lost: tuple[str, ...]


def listing(ids: Sequence[str], file: str) -> tuple[dict[str, Any], Side | None]:
    """How a document in `file` says its players: in itself, or, if they are many, in a side file beside it."""
    if len(ids) <= _MOST_INLINE or not writable(ids):
        return {"players": list(ids)}, None
    side = PurePosixPath(file).with_suffix(".csv")
    return {"players_file": side.name}, (str(side), tuple(ids))


def past_of(connection: Connection, one: Deployed, version: int | None = None) -> Past | None:
    """A version with a definition, the last one if none is asked for; None if there is no such version."""
    after: Version | None = None
    for each in definitions.versions(connection, one.address):
        body = None if each.action == "archive" else definitions.body(connection, one.address, each.version)
        if body is not None and version in (None, each.version):
            return Past(one, each, json.loads(body), None if after is None else after.serial - 1)
        after = each
    return None


def restored_file(
    connection: Connection, past: Past, file: str, *, keys: Mapping[str, str] | None = None, note: str = ""
) -> Restored:
    """What to write to `file`. `keys` stand in it as well: `players_file` instead of the list."""
    definition = dict(past.definition)
    lost: list[str] = []
    side = None
    if keys and "players_file" in keys:
        definition.pop("players", None)
    elif "players" in definition:
        ids = _ids(connection, past, definition["players"], lost)
        listed, side = listing(ids, file)
        del definition["players"]
        definition |= listed if ids or not lost else {"players": Erased()}
    contents = kept_values(connection, definition)
    whole = marked(restored(definition, contents))
    lost += _said(definition, contents, whole)
    document = {"kind": _KINDS[past.object.kind], "name": past.object.name, **whole, **(keys or {})}
    comments = "".join(f"# {line}\n" for line in (*([note] if note else ()), *lost))
    return Restored(comments + written(document), side, tuple(lost))


def _ids(connection: Connection, past: Past, stands: Mapping[str, Any], lost: list[str]) -> tuple[str, ...]:
    """The list of a version: what the state lists now if that is the same, else who was a member at its end."""
    one, secret = past.object, head(connection).secret
    held = membership.load(connection, [one.object_id]).get(one.object_id)
    candidates = [held.listed] if held is not None and held.listed is not None else []
    present = held.members if held is not None else BitMap()
    if past.until is not None:
        present = history.members_after(connection, one.object_id, present, past.until)
    ids: tuple[str, ...] = ()
    for numbers in (*candidates, present):
        ids = tuple(sorted(players.names(connection, numbers)))
        if keyed_digest(secret, ids) == stands[PRIVATE]:
            return ids
    number = counted(stands["count"], "player")
    lost.append(f"The list had {number}; {len(ids):,} of them are known: who was a member at its end.")
    return ids


def _said(definition: Mapping[str, Any], contents: Mapping[str, Any], whole: Mapping[str, Any]) -> Iterator[str]:
    """What is lost beside the list of players: values that stand empty, and ids that are left out."""
    gone = sum(1 for _ in _erased({key: part for key, part in whole.items() if key != "players"}))
    if gone:
        yield f"{counted(gone, 'value')} that stood here {'is' if gone == 1 else 'are'} not kept any more."
    short = sum(stands["count"] - len(contents[stands[PRIVATE]]) for stands in _counts(definition, contents))
    if short:
        yield f"{counted(short, 'id')} that stood here {'was' if short == 1 else 'were'} forgotten and left out."


def _counts(document: Any, contents: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """The redacted lists of which something is kept."""
    if isinstance(document, Mapping):
        if "count" in document and contents.get(document.get(PRIVATE, "")):
            yield document
        for value in document.values():
            yield from _counts(value, contents)
    elif isinstance(document, list):
        for value in document:
            yield from _counts(value, contents)


def marked(document: Any) -> Any:
    """What is still redacted, and what stands for forgotten values, marked as erased."""
    if isinstance(document, Mapping):
        if isinstance(document.get(PRIVATE), str):
            return Erased()
        return {key: marked(value) for key, value in document.items()}
    if isinstance(document, list):
        kept = [marked(value) for value in document if value != VALUE]
        return kept or Erased()
    return Erased() if document == VALUE else document


def _erased(document: Any) -> Iterator[Erased]:
    match document:
        case Erased():
            yield document
        case Mapping():
            for value in document.values():
                yield from _erased(value)
        case list():
            for value in document:
                yield from _erased(value)
        case _:
            pass
