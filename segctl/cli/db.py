"""segctl db status, segctl db upgrade, segctl db copy, segctl db grants"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from segctl.cli.options import HERE, Chdir, Env, Json, LockTimeout
from segctl.cli.session import LOCK_TIMEOUT_SECONDS, context_of, opened

if TYPE_CHECKING:
    from segctl.view.database import State
    from segctl.workflow.database import Status

app = typer.Typer(
    help="Make, bring up, measure and move the state's database.", rich_markup_mode=None, no_args_is_help=True
)


@app.command("status", short_help="Show what the state is, and what an upgrade would do.")
def status(json: Json = False, env: Env = None, chdir: Chdir = HERE) -> int:
    """Show which database the state is, its format, lineage, serial and size, and what an upgrade would do.

    Nothing is made or changed.

    \b
    Examples:
      segctl db status
      segctl db status --env production --json
    """
    from segctl.cli.console import out
    from segctl.view.data import json_text
    from segctl.view.database import state_text
    from segctl.workflow.database import status_of

    found = status_of(context_of(opened(chdir), env))
    out(json_text(_data(found)) if json else state_text(_told(found)))
    return 0


@app.command("upgrade", short_help="Make the state, or bring an older one up, in one transaction.")
def upgrade(json: Json = False, env: Env = None, chdir: Chdir = HERE) -> int:
    """Make the state, or bring an older one up to this segctl's format, in one transaction.

    On PostgreSQL this needs a role that may make tables; every other command does not (see `segctl db grants`).
    States in SQLite are made and brought up by the way.

    \b
    Examples:
      segctl db upgrade --env production
    """
    from segctl.cli.console import out
    from segctl.view.data import json_text
    from segctl.view.database import upgraded_text
    from segctl.workflow.database import upgraded

    before, found = upgraded(context_of(opened(chdir), env, author=True))
    out(json_text({"before": before, **_data(found)}) if json else upgraded_text(before, _told(found)))
    return 0


@app.command("copy", short_help="Copy a state into an empty database, with its audit log.")
def copy(
    source: Annotated[str, typer.Argument(metavar="FROM", help="An environment of segctl.yaml, or an address.")],
    target: Annotated[str, typer.Argument(metavar="TO", help="The same; it must be empty.")],
    json: Json = False,
    lock_timeout: LockTimeout = LOCK_TIMEOUT_SECONDS,
    chdir: Chdir = HERE,
) -> int:
    """Copy a state into an empty database of either kind: lineage, serial, numbers and audit log stay as they are.

    One transaction, under the lock of FROM. Both sides are compared and the log is verified before it is kept. An
    address may name variables, in single quotes: '${SEGCTL_STATE}'.

    \b
    Examples:
      segctl db copy dev production
      segctl db copy sqlite:///.segctl/state.db postgresql://owner@db.example.com/segctl
    """
    from segctl.cli.console import out
    from segctl.view.data import json_text
    from segctl.view.database import State, copied_text
    from segctl.workflow.database import moved

    loaded = opened(chdir)
    context = context_of(loaded, None, author=True, lock_timeout=lock_timeout)
    assert loaded.settings is not None  # noqa: S101 - or there were no context
    done = moved(context, loaded.settings, source, target)
    at, rows = done.copied.head, done.copied.rows
    if json:
        data = {"from": done.source, "to": done.target, "lineage": at.lineage, "serial": at.serial}
        out(json_text({**data, "audit_head": at.audit_hash, "rows": dict(rows)}))
        return 0
    told = State(done.target, "", None, at.format, at.format, at.lineage, at.serial, at.audit_seq)
    out(copied_text(done.source, done.target, told, sum(rows.values())))
    return 0


@app.command("grants", short_help="Print the GRANTs that a role needs on PostgreSQL.")
def grants(
    role: Annotated[str, typer.Option("--role", help="A role of the server, which exists.")],
    reader: Annotated[bool, typer.Option("--reader", help="It only reads: list, show, members, audit.")] = False,
    scope: Annotated[
        list[str] | None,
        typer.Option("--scope", metavar="ATTRIBUTE=VALUE", help="A reader of segments within this scope alone."),
    ] = None,
) -> int:
    """Print the least that a role needs to work with a state on PostgreSQL. Nothing is run.

    A writer may apply and refresh. It cannot change the audit log, only have the database append to it.

    \b
    Examples:
      segctl db grants --role crm_writer | psql "$OWNER_URL"
      segctl db grants --role crm_reader --reader
      segctl db grants --role crm_aurora --reader --scope brand=aurora
    """
    from segctl.base.errors import Refused
    from segctl.cli.console import out
    from segctl.store.grants import grants as lines

    try:
        out("\n".join(lines(role, reader=reader, scope=scope or ())))
    except ValueError as error:
        raise Refused(f"{error}.", "segctl db grants --help") from error
    return 0


def _told(found: Status) -> State:
    from dataclasses import replace

    from segctl.view.database import State

    told = State(found.name, found.engine, found.server, found.format, found.known)
    at = found.head
    if at is None:
        return told
    return replace(
        told,
        lineage=at.lineage,
        serial=at.serial,
        audit=at.audit_seq,
        created=at.created_at,
        bytes=found.bytes,
        tables={name: (one.rows, one.bytes) for name, one in (found.tables or {}).items()},
    )


def _data(found: Status) -> dict[str, Any]:
    from dataclasses import asdict

    from segctl.view.data import instant_text

    at = found.head
    return {
        "state": found.name,
        "engine": found.engine,
        "server": found.server,
        "format": found.format,
        "known_format": found.known,
        "upgrade": "make" if not found.format else "bring up" if found.format < found.known else None,
        "lineage": at and at.lineage,
        "serial": at and at.serial,
        "audit_rows": at and at.audit_seq,
        "audit_head": at and at.audit_hash,
        "created_at": at and instant_text(at.created_at),
        "bytes": found.bytes,
        "tables": {name: asdict(one) for name, one in (found.tables or {}).items()},
    }
