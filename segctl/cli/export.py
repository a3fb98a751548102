"""segctl export"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from segctl.base.errors import Refused
from segctl.cli.options import HERE, Chdir, Env, LockTimeout, since_instant
from segctl.cli.session import LOCK_TIMEOUT_SECONDS, context_of, opened

if TYPE_CHECKING:
    from segctl.workflow.export import Export

FORMS = (".csv", ".jsonl", ".parquet")


def export(
    names: Annotated[list[str], typer.Argument(metavar="NAME…", help="One segment or more.")],
    to: Annotated[Path, typer.Option("--to", metavar="FILE", help="A .csv, .jsonl or .parquet file.")],
    joined_since: Annotated[
        str | None, typer.Option("--joined-since", help="Only who joined on this day or later, or at an instant.")
    ] = None,
    left_since: Annotated[
        str | None, typer.Option("--left-since", help="Instead: who left since then and is not in now.")
    ] = None,
    columns: Annotated[
        str | None, typer.Option("--columns", metavar="FIELD,…", help="Fields of the catalog beside each player.")
    ] = None,
    reveal: Annotated[
        bool,
        typer.Option("--reveal", help="Allow personal columns. That you did is written to the audit log first."),
    ] = False,
    env: Env = None,
    lock_timeout: LockTimeout = LOCK_TIMEOUT_SECONDS,
    chdir: Chdir = HERE,
) -> int:
    """Write the members of segments into a file: segment, player, since when, and fields of the catalog.

    Members are those of the last run, after guards and limits; the fields are read from the warehouse now.

    \b
    Examples:
      segctl export vip --to vip.csv
      segctl export vip at-risk --to campaign.parquet --columns country,total_deposit_amount
      segctl export vip --left-since 2026-11-01 --to gone.jsonl
      segctl export vip --columns email --reveal --to mail.csv
    """
    from segctl.cli.console import out
    from segctl.cli.progress import watched
    from segctl.workflow.export import Wanted, personal, write_down
    from segctl.workflow.export import export as exported

    _possible(to, joined_since, left_since)
    loaded = opened(chdir)
    context = context_of(loaded, env, author=reveal, lock_timeout=lock_timeout)
    zone = context.clock.zone
    wanted = Wanted(
        tuple(names),
        joined=None if joined_since is None else since_instant(joined_since, zone),
        left=None if left_since is None else since_instant(left_since, zone),
        columns=tuple(one.strip() for one in (columns or "").split(",") if one.strip()),
    )
    with watched(context) as watching:
        found = exported(watching, wanted, reveal=reveal)
    revealed = personal(context, wanted.columns) if reveal else ()
    if revealed:
        write_down(context, found, revealed)
    _write(found, to)
    out(f"Wrote {found.count:,} players to {to}.")
    return 0


def _possible(to: Path, joined_since: str | None, left_since: str | None) -> None:
    if to.suffix.lower() not in FORMS:
        raise Refused(f"{to} names no form to write.", f"End it in one of {', '.join(FORMS)}.")
    if joined_since is not None and left_since is not None:
        raise Refused(
            "Who joined is in, and who left is out: one export has one of them.",
            "Leave out --joined-since or --left-since.",
        )


def _write(found: Export, to: Path) -> None:
    from segctl.files.atomic import write_parts
    from segctl.files.parquet import write_tables
    from segctl.view.export import csv_parts, json_parts

    match to.suffix.lower():
        case ".csv":
            write_parts(to, csv_parts(found.schema.names, found.tables()))
        case ".jsonl":
            write_parts(to, json_parts(found.tables()))
        case _:
            write_tables(to, found.schema, found.tables())
