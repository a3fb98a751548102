"""What workers do again and again, a row each: how it goes, and which worker has it now. Decides nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, fields, replace
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, bindparam, select, update
from sqlalchemy.dialects import postgresql, sqlite

from segctl.base.errors import Refused
from segctl.store.instant import as_instant, as_text
from segctl.store.tables import DUTY

# a worker that falls silent for longer has lost what it took
LEASE: Final = timedelta(minutes=2)
_INSTANTS: Final = frozenset(("leased_until", "seen_at", "done_at", "full_at", "failing_since", "next_at"))


@dataclass(frozen=True, slots=True)
class Duty:
    """How one of them goes. `failures` counts those since the last success, `outcome` says why the last one was.

    `full_at` is the last time that nothing was left out of it, as a full refresh leaves out nobody. `serial` is
    the state that the last success left, or told of.
    """

    name: str
    worker: str | None = None
    leased_until: datetime | None = None
    seen_at: datetime | None = None
    done_at: datetime | None = None
    milliseconds: int = 0
    full_at: datetime | None = None
    serial: int | None = None
    failures: int = 0
    failing_since: datetime | None = None
    outcome: str | None = None
    next_at: datetime | None = None

    def is_held(self, now: datetime) -> bool:
        """Does a worker have it?"""
        return self.worker is not None and self.leased_until is not None and self.leased_until > now


_ALL = select(DUTY).order_by(DUTY.c.name)
_ONE = select(DUTY).where(DUTY.c.name == bindparam("which"))
_UPDATE = update(DUTY).where(DUTY.c.name == bindparam("which"))
_SEEN = update(DUTY).where(DUTY.c.name == bindparam("which")).values(seen_at=bindparam("now"))


def everyone(connection: Connection) -> dict[str, Duty]:
    """All that a worker ever looked after, by name."""
    return {row.name: _duty(row) for row in connection.execute(_ALL)}


def see(connection: Connection, names: Iterable[str], now: datetime) -> None:
    """A worker looks after them."""
    for name in sorted(names):
        _make(connection, name)
        connection.execute(_SEEN, {"which": name, "now": as_text(now)})


def claim(
    connection: Connection, name: str, worker: str, now: datetime, is_gone: Callable[[str], bool]
) -> Duty | None:
    """Takes one that is no other worker's, or was one's that is known to be dead. None if it is somebody's."""
    _make(connection, name)
    found = locked(connection, name)
    if found.is_held(now) and found.worker != worker and not is_gone(found.worker or ""):
        return None
    taken = replace(found, worker=worker, leased_until=now + LEASE, seen_at=now)
    save(connection, taken)
    return taken


def renew(connection: Connection, name: str, worker: str, now: datetime) -> bool:
    """Keeps it for longer. Whether this worker still had it."""
    found = locked(connection, name)
    if found.worker != worker:
        return False
    save(connection, replace(found, leased_until=now + LEASE, seen_at=now))
    return True


def refuse_lost(connection: Connection, name: str, worker: str) -> None:
    """Nobody else takes it before this transaction ends. Raises: Refused, if somebody has."""
    if locked(connection, name).worker != worker:
        raise Refused(
            f"Another worker has taken over to {name}: this one was silent for too long.",
            "Nothing was written, and nothing is to be done.",
        )


def locked(connection: Connection, name: str) -> Duty:
    """One of them; nobody else changes it before this transaction ends."""
    return _duty(connection.execute(_ONE.with_for_update(), {"which": name}).one())


def save(connection: Connection, one: Duty) -> None:
    """Writes all that is known of one."""
    values = {field.name: _stored(getattr(one, field.name)) for field in fields(one)}
    connection.execute(_UPDATE, {**values, "which": values.pop("name")})


def _make(connection: Connection, name: str) -> None:
    row = {"name": name, "failures": 0, "milliseconds": 0}
    insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    connection.execute(insert(DUTY).on_conflict_do_nothing(), row)


def _stored(value: Any) -> Any:
    return as_text(value) if isinstance(value, datetime) else value


def _duty(row: Any) -> Duty:
    found = row._asdict()
    read = {name: as_instant(found[name]) for name in _INSTANTS if found[name] is not None}
    return Duty(**{**found, **read})
