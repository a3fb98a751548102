"""The tables of a state: which format is there, and how it becomes today's. Called by `upgrade` in state.py."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from sqlalchemy import Connection, LargeBinary, select, update

from segctl.base.errors import Refused
from segctl.store import endpoints
from segctl.store.appender import make_appender
from segctl.store.format import APPLICATION_ID, FORMAT
from segctl.store.guard import guard
from segctl.store.name import name_of
from segctl.store.postgres import SCHEMA
from segctl.store.scoped import secure
from segctl.store.tables import (
    DUTY,
    ENDPOINT,
    FORGOTTEN,
    LEDGER,
    LETTER,
    METADATA,
    OBJECT,
    OUTBOX,
    STATE,
    TIMING,
)

# What is in the schema: how many relations, and whether `state` is ours.
_SCHEMA_HOLDS: Final = f"""
SELECT count(*), count(*) FILTER (WHERE c.relname = 'state' AND EXISTS (
  SELECT 1 FROM pg_catalog.pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'lineage'))
FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = '{SCHEMA}'
"""
_HAS_SCHEMA: Final = f"SELECT count(*) FROM pg_catalog.pg_namespace WHERE nspname = '{SCHEMA}'"
_ENCODING: Final = "SELECT current_setting('server_encoding')"


def _add_since(connection: Connection) -> None:
    """Format 2: when each member of a triggered segment entered."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f"ALTER TABLE {SCHEMA}.membership ADD COLUMN since bytea")
    else:
        connection.exec_driver_sql("ALTER TABLE membership ADD COLUMN since BLOB")


def _nothing(connection: Connection) -> None:
    """Formats 3 and 7 change no table. Their triggers and policies are made anew at each step up."""
    del connection


def _add_forgotten(connection: Connection) -> None:
    """Format 4: who was forgotten."""
    FORGOTTEN.create(connection)


def _add_outbox(connection: Connection) -> None:
    """Format 5: what is to be sent, and whose changes are."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f"ALTER TABLE {SCHEMA}.object ADD COLUMN notify boolean DEFAULT false NOT NULL")
    else:
        connection.exec_driver_sql("ALTER TABLE object ADD COLUMN notify BOOLEAN DEFAULT 0 NOT NULL")
    OUTBOX.create(connection)


def _add_endpoints(connection: Connection) -> None:
    """Format 6: how sending goes, for each segment that has a webhook or something that waits."""
    ENDPOINT.create(connection)
    LETTER.create(connection)
    waiting = select(OUTBOX.c.object_id).distinct()
    notifying = connection.execute(select(OBJECT.c.id).where(OBJECT.c.notify | OBJECT.c.id.in_(waiting)))
    endpoints.make(connection, notifying.scalars())


def _add_duties(connection: Connection) -> None:
    """Format 8: what workers do, and which of them does it."""
    DUTY.create(connection)


def _add_ledger(connection: Connection) -> None:
    """Format 9: the history by player."""
    from segctl.store import history, ledger  # noqa: PLC0415 - they load numpy, which most runs do without

    LEDGER.create(connection)
    ledger.build(connection, history.kind)


def _add_timing(connection: Connection) -> None:
    """Format 10: how long each segment took in a run."""
    TIMING.create(connection)


# Old format → what brings its tables to the next one, all in the transaction that it is called in.
STEPS: Final[Mapping[int, Callable[[Connection], None]]] = {
    1: _add_since,
    2: _nothing,
    3: _add_forgotten,
    4: _add_outbox,
    5: _add_endpoints,
    6: _nothing,
    7: _add_duties,
    8: _add_ledger,
    9: _add_timing,
}


def recognise(connection: Connection) -> int:
    """The format of the state, 0 where there is none yet. Raises: Refused, for a newer one or something else."""
    there = _is_ours_postgres(connection) if _postgres(connection) else _is_ours_sqlite(connection)
    if not there:
        return 0
    found: int = connection.execute(select(STATE.c.format)).scalar_one()
    if found > FORMAT:
        raise Refused(
            f"The state {name_of(connection.engine.url)} has format {found}; "
            f"this segctl knows formats up to {FORMAT}.",
            "Upgrade segctl: someone with a newer one has written here.",
        )
    return found


def make_tables(connection: Connection) -> None:
    """All tables of today's format, empty, in a database that has none of them."""
    if _postgres(connection):
        _make_schema(connection)
    METADATA.create_all(connection)
    _finish(connection)


def step_up(connection: Connection, found: int) -> None:
    """Brings the tables of an older format to today's."""
    for older in range(found, FORMAT):
        STEPS[older](connection)
    connection.execute(update(STATE).values(format=FORMAT))
    _finish(connection)


def _finish(connection: Connection) -> None:
    """What holds no rows is made anew, so that a state that was brought up is as a new one."""
    guard(connection)
    if _postgres(connection):
        _store_packed(connection)
        make_appender(connection)
        secure(connection)
    else:
        connection.exec_driver_sql(f"PRAGMA application_id = {APPLICATION_ID}")


def _store_packed(connection: Connection) -> None:
    """Bitmaps and ids are packed already: to compress them once more costs half of an apply, for nothing."""
    for table in METADATA.sorted_tables:
        for column in table.columns:
            if isinstance(column.type, LargeBinary):
                connection.exec_driver_sql(
                    f'ALTER TABLE {SCHEMA}."{table.name}" ALTER COLUMN "{column.name}" SET STORAGE EXTERNAL'
                )


def _postgres(connection: Connection) -> bool:
    return connection.dialect.name == "postgresql"


def _is_ours_sqlite(connection: Connection) -> bool:
    if connection.exec_driver_sql("PRAGMA application_id").scalar_one() == APPLICATION_ID:
        return True
    if connection.exec_driver_sql("SELECT count(*) FROM sqlite_master").scalar_one():
        path = name_of(connection.engine.url)
        raise Refused(f"{path} is a SQLite database of something else.", "Check `state` in segctl.yaml.")
    return False


def _is_ours_postgres(connection: Connection) -> bool:
    relations, ours = connection.exec_driver_sql(_SCHEMA_HOLDS).one()
    if relations and not ours:
        raise Refused(
            f"The schema `{SCHEMA}` of {name_of(connection.engine.url)} holds tables of something else.",
            "Check `state` in segctl.yaml, or give segctl a database of its own.",
        )
    return bool(ours)


def _make_schema(connection: Connection) -> None:
    encoding = connection.exec_driver_sql(_ENCODING).scalar_one()
    if encoding != "UTF8":
        raise Refused(
            f"The database {name_of(connection.engine.url)} is encoded in {encoding}; a state needs UTF8.",
            "Create another: createdb --encoding UTF8 --template template0 NAME",
        )
    # one that an administrator made for this role is taken as it is: then no right to create schemas is needed
    if not connection.exec_driver_sql(_HAS_SCHEMA).scalar_one():
        connection.exec_driver_sql(f"CREATE SCHEMA {SCHEMA}")
