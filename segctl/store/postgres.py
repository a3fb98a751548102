"""A state in a PostgreSQL database, in a schema of its own: how it is opened, and how its transactions begin.

Tables are always named with their schema, and nothing is looked up but in `pg_catalog`: what other schemas hold,
the temporary one among them, cannot stand in the way of a table or a function. All settings end with the
transaction, so that connections of a pooler such as PgBouncer do as well.
"""

from __future__ import annotations

import math
import unicodedata
from importlib.util import find_spec
from typing import Any, Final

from sqlalchemy import URL, Connection, Engine, NullPool, create_engine, event
from sqlalchemy.engine import ExceptionContext

from segctl.base.errors import Refused
from segctl.store.writer import Writer, writer_of

SCHEMA: Final = "segctl"
# makers wait for each other here while there is no row yet to wait at: "segctl" as a number
MAKERS_LOCK: Final = 0x73656763746C
OLDEST: Final = 14
_LONGEST_MS: Final = 2**31 - 1
# the numbers of psycopg.IsolationLevel
_READ_COMMITTED: Final = 2
_REPEATABLE_READ: Final = 3
_INSTALL: Final = "pip install 'segctl[postgres]'"
# bytes that PostgreSQL keeps of an application's name
_NAME_BYTES: Final = 63
# A server that is gone is noticed in a minute. What the URL says of these goes before.
_CONNECT: Final[dict[str, Any]] = {
    "connect_timeout": 10,
    "keepalives_idle": 30,
    "keepalives_interval": 10,
    "keepalives_count": 3,
    "tcp_user_timeout": 60_000,
}
_OURS: Final[dict[str, Any]] = {"client_encoding": "utf8", "prepare_threshold": None, "application_name": SCHEMA}
_SETTINGS: Final = {"search_path": "pg_catalog, pg_temp"}
# A reader may look at a warehouse meanwhile; it keeps nobody from anything but VACUUM.
_READER: Final = {**_SETTINGS, "idle_in_transaction_session_timeout": "3600s"}
# A writer that falls silent loses the lock by itself: its machine is gone (keepalives) or its process stopped.
_WRITER: Final = {
    **_SETTINGS,
    "idle_in_transaction_session_timeout": "120s",
    "statement_timeout": "300s",
    "tcp_keepalives_idle": "30",
    "tcp_keepalives_interval": "10",
    "tcp_keepalives_count": "3",
}
_DURABLE: Final = (
    "set_config('synchronous_commit', CASE current_setting('synchronous_commit') WHEN 'off' THEN 'on'"
    " ELSE current_setting('synchronous_commit') END, true)"
)
_LOCK: Final = f"SELECT id FROM {SCHEMA}.state WHERE id = 1 FOR UPDATE"
_IS_THERE: Final = (
    "SELECT count(*) FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace"
    f" WHERE n.nspname = '{SCHEMA}' AND c.relname = 'state'"
)


def postgres_engine(url: URL) -> Engine:
    """An engine for a database; nobody is called yet. Raises: Refused, without the driver."""
    if find_spec("psycopg") is None:
        raise Refused("The state is on PostgreSQL, whose driver is not installed.", f"Install it: {_INSTALL}")
    engine = create_engine(
        url.set(drivername="postgresql+psycopg"),
        poolclass=NullPool,
        hide_parameters=True,
        use_native_hstore=False,
        connect_args={**{key: one for key, one in _CONNECT.items() if key not in url.query}, **_OURS},
        execution_options={"schema_translate_map": {None: SCHEMA}},
    )
    event.listen(engine, "connect", _refuse_old, insert=True)  # before SQLAlchemy asks for anything
    event.listen(engine, "begin", _begin)
    event.listen(engine, "commit", _refuse_failed)
    event.listen(engine, "handle_error", _silence)
    return engine


def application_name(doing: str) -> str:
    """What the server shows of a writer, in ASCII, cut to what it keeps."""
    plain = unicodedata.normalize("NFKD", f"{SCHEMA} {doing}".strip()).encode("ascii", "ignore").decode()
    return "".join(sign for sign in plain if sign.isprintable())[:_NAME_BYTES]


def _refuse_old(raw: Any, _record: object) -> None:
    version = raw.info.server_version // 10_000
    if version < OLDEST:
        raw.close()
        raise Refused(
            f"The state's server is PostgreSQL {version}; segctl needs {OLDEST} or newer.",
            "Upgrade the server, or give another one as `state` in segctl.yaml.",
        )


def _begin(connection: Connection) -> None:
    raw: Any = connection.connection.dbapi_connection
    writer = writer_of(connection)
    raw.read_only = writer is None
    raw.isolation_level = _REPEATABLE_READ if writer is None else _READ_COMMITTED
    if writer is None:
        _set(connection, _READER)
    else:
        _set(connection, {**_WRITER, "application_name": application_name(writer.doing)}, _DURABLE)
        _lock(connection, writer)


def _set(connection: Connection, settings: dict[str, str], *more: str) -> None:
    """Settings until the end of the transaction, in one round trip."""
    calls = [*("set_config(%s, %s, true)" for _ in settings), *more]
    values = tuple(part for setting in settings.items() for part in setting)
    connection.exec_driver_sql(f"SELECT {', '.join(calls)}", values)


def _lock(connection: Connection, writer: Writer) -> None:
    """Locks the one row of the state, in this transaction: it ends with it, whatever ends it."""
    milliseconds = math.ceil(min(1000 * writer.lock_timeout_seconds, _LONGEST_MS))
    # 0 would be to wait for ever
    _set(connection, {"lock_timeout": f"{max(milliseconds, 1)}ms"})
    if writer.beside:
        return
    if writer.maker:
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({MAKERS_LOCK})")
        if not connection.exec_driver_sql(_IS_THERE).scalar_one():
            return
    found = connection.exec_driver_sql(_LOCK if milliseconds else f"{_LOCK} NOWAIT").one_or_none()
    if found is None:
        raise Refused("The state's own row is gone: it was changed by hand.", "Restore the state from a backup.")


def _refuse_failed(connection: Connection) -> None:
    """After a statement that failed, COMMIT is answered without an error, and rolls back."""
    raw: Any = connection.connection.dbapi_connection
    if raw.info.transaction_status.name == "INERROR":
        raise RuntimeError("a statement of this transaction failed, and its error was not let through")


def _silence(context: ExceptionContext) -> None:
    """Leaves what the server said of rows (`DETAIL: Failing row contains …`) out of an error's text."""
    said = getattr(getattr(context.original_exception, "diag", None), "message_primary", None)
    if said is not None:
        context.original_exception.args = (said,)
        if context.sqlalchemy_exception is not None:
            context.sqlalchemy_exception.args = (f"({type(context.original_exception).__name__}) {said}",)
