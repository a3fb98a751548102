"""The state as a database: what it is, and how it is made, brought up and moved."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from segctl.base.errors import Refused
from segctl.model.settings import Settings
from segctl.store.copy import Copied, copy
from segctl.store.engine import open_state, reading
from segctl.store.format import FORMAT
from segctl.store.measure import Size, server_version, sizes, total_bytes
from segctl.store.migrate import recognise
from segctl.store.name import name_of
from segctl.store.state import Head, head, upgrade
from segctl.workflow.context import Context

_SQLITE: Final = "sqlite:///"


@dataclass(frozen=True, slots=True)
class Status:
    """`format` is 0 where there is no state yet; `head`, sizes and bytes are None unless it is today's."""

    name: str
    engine: str
    server: str | None
    format: int
    known: int
    head: Head | None = None
    tables: Mapping[str, Size] | None = None
    bytes: int | None = None


@dataclass(frozen=True, slots=True)
class Moved:
    """A copied state: from where, to where."""

    source: str
    target: str
    copied: Copied


def status_of(context: Context) -> Status:
    """What the state is. Nothing is made. Raises: Refused."""
    if _is_missing(context.state):
        return Status(context.state.removeprefix(_SQLITE), "sqlite", None, 0, FORMAT)
    engine = open_state(context.state)
    with reading(engine) as connection:
        found = recognise(connection)
        told = Status(name_of(engine.url), engine.dialect.name, server_version(connection), found, FORMAT)
        if found != FORMAT:
            return told
        tables = sizes(connection)
        return replace(told, head=head(connection), tables=tables, bytes=total_bytes(connection, tables))


def upgraded(context: Context) -> tuple[int, Status]:
    """Makes the state or brings it up: the format it had, 0 for none, and what it is now. Raises: Refused."""
    found = upgrade(open_state(context.state), context.at)
    return found, status_of(context)


def moved(context: Context, settings: Settings, source: str, target: str) -> Moved:
    """Copies one state into another; each is an environment of segctl.yaml, or an address. Raises: Refused."""
    old, new = (_address(context, settings, one) for one in (source, target))
    if _is_missing(old):
        raise Refused(f"There is no state in {old.removeprefix(_SQLITE)}.", "Check FROM: segctl db copy FROM TO")
    from_engine, to_engine = open_state(old), open_state(new)
    done = copy(
        from_engine,
        to_engine,
        context.at,
        lock_timeout_seconds=context.lock_timeout_seconds,
        doing=f"db copy by {context.author.name}",
    )
    return Moved(name_of(from_engine.url), name_of(to_engine.url), done)


def _address(context: Context, settings: Settings, given: str) -> str:
    if given in settings.environments:
        return replace(context, environment=given, written=settings.environments[given]).state
    if "://" not in given and "${" not in given:
        raise Refused(
            "One of the two is neither an environment of segctl.yaml nor an address.",
            f"Environments: {', '.join(settings.environments)}. Addresses: sqlite:///folder/state.db, postgresql://…",
        )
    return replace(context, written=replace(context.written, state=given)).state


def _is_missing(state: str) -> bool:
    return state.startswith(_SQLITE) and not Path(state.removeprefix(_SQLITE)).exists()
