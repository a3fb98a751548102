"""segctl members"""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from segctl.base.errors import Refused
from segctl.cli.options import HERE, Chdir, Env, PastAt, past_instant
from segctl.cli.session import context_of, opened

if TYPE_CHECKING:
    from segctl.workflow.members import MembersPage

PAGE = 100


class Format(StrEnum):
    """How members are printed."""

    text = "text"
    csv = "csv"
    jsonl = "jsonl"
    parquet = "parquet"


def members(
    name: Annotated[str, typer.Argument(help="The segment.")],
    count: Annotated[bool, typer.Option("--count", help="Print only how many there are.")] = False,
    format_: Annotated[Format, typer.Option("--format", help="text, csv, jsonl or parquet.")] = Format.text,
    saved_to: Annotated[Path | None, typer.Option("--out", "-o", help="Write to this file.")] = None,
    limit: Annotated[
        int | None, typer.Option("--limit", help=f"At most this many; {PAGE} for text, all otherwise.", min=1)
    ] = None,
    offset: Annotated[int, typer.Option("--offset", help="Leave out the first ones.", min=0)] = 0,
    at: PastAt = None,
    env: Env = None,
    chdir: Chdir = HERE,
) -> int:
    """List the members of a segment, and since when each is in.

    With --at the history answers: who was in after the last run up to then, under the definition of then.

    \b
    Examples:
      segctl members vip --count
      segctl members vip --limit 20 --offset 100
      segctl members vip --at 2026-10-01
      segctl members vip --format parquet -o vip.parquet
    """
    from segctl.cli.console import out
    from segctl.workflow.members import members as page_of
    from segctl.workflow.members import members_at, total

    context = context_of(opened(chdir), env)
    then = None if at is None else past_instant(at, context.clock.zone, context.now)
    if count:
        out(f"{total(context, name, then)}")
        return 0
    if format_ is Format.parquet and saved_to is None:
        raise Refused(
            "Parquet is not for a terminal.", f"segctl members {name} --format parquet -o {name}.parquet"
        )
    most = limit if limit is not None or format_ is not Format.text else PAGE
    if then is None:
        page = page_of(context, name, offset=offset, limit=most)
    else:
        page = members_at(context, name, then, offset=offset, limit=most)
    if format_ is Format.parquet and saved_to is not None:
        from segctl.files.parquet import write_members

        write_members(saved_to, [one.player_id for one in page.members], [one.since for one in page.members])
        out(f"Wrote {len(page.members):,} members to {saved_to}.")
    else:
        _print(page, format_, saved_to)
    return 0


def _print(page: MembersPage, form: Format, saved_to: Path | None) -> None:
    from segctl.cli.console import out
    from segctl.files.atomic import write_text
    from segctl.view.members import Since, members_csv, members_jsonl, members_text

    rows = [Since(one.player_id, one.since) for one in page.members]
    match form:
        case Format.csv:
            text = members_csv(rows)
        case Format.jsonl:
            text = members_jsonl(rows)
        case _:
            text = members_text(
                page.segment,
                rows,
                total=page.total,
                as_of=page.as_of,
                forgotten=page.forgotten,
                called=page.called,
            )
    if saved_to is None:
        out(text)
    else:
        write_text(saved_to, text)
        out(f"Wrote {len(rows):,} members to {saved_to}.")
