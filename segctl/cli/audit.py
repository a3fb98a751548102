"""segctl audit log, segctl audit verify"""

from __future__ import annotations

from typing import Annotated

import typer

from segctl.cli.options import HERE, Chdir, Env, Json, NoColor
from segctl.cli.session import context_of, opened
from segctl.cli.tabular import Csv, Wide, print_table

app = typer.Typer(help="Read and verify the audit log.", rich_markup_mode=None, no_args_is_help=True)


@app.command("log", short_help="Show what was changed, when and by whom.")
def log(
    address: Annotated[
        str | None,
        typer.Argument(help="Only of this segment (or address, e.g. catalog.igaming).", show_default=False),
    ] = None,
    limit: Annotated[int, typer.Option("--limit", help="At most this many, newest first.", min=1)] = 50,
    json: Json = False,
    csv: Csv = False,
    wide: Wide = False,
    env: Env = None,
    no_color: NoColor = False,
    chdir: Chdir = HERE,
) -> int:
    """Show what was changed, when, by whom, from which digest to which.

    \b
    Examples:
      segctl audit log
      segctl audit log vip --json
    """
    from segctl.view.audit import Entry, audit_table
    from segctl.workflow.story import audit_log

    of = address if address is None or "." in address else f"segment.{address}"
    found = audit_log(context_of(opened(chdir), env), limit, of)
    if json:
        from segctl.cli.console import out
        from segctl.view.data import json_text
        from segctl.workflow.story import logged_data

        out(json_text([logged_data(one) for one in found]))
        return 0
    rows = [
        Entry(one.seq, one.at, str(one.actor.get("author", "")), one.action, one.address, one.before, one.after)
        for one in found
    ]
    return print_table(audit_table(rows), json=False, csv=csv, wide=wide, no_color=no_color)


@app.command("verify", short_help="Check that the log is whole and tells what is deployed.")
def verify(json: Json = False, env: Env = None, no_color: NoColor = False, chdir: Chdir = HERE) -> int:
    """Check that the log's hash chain holds and that the definitions are those the log tells of.

    Exit code 1 when anything disagrees, naming every bad row.

    \b
    Examples:
      segctl audit verify
    """
    from segctl.cli.console import out, style
    from segctl.view.audit import Found, verification_text
    from segctl.view.data import json_text
    from segctl.workflow.story import audit_findings

    at, findings = audit_findings(context_of(opened(chdir), env))
    found = [Found(one.problem, one.detail, one.seq, one.address) for one in findings]
    if json:
        problems = [
            {"problem": one.problem, "detail": one.detail, "seq": one.seq, "address": one.address} for one in found
        ]
        out(json_text({"rows": at.audit_seq, "head": at.audit_hash, "intact": not found, "findings": problems}))
    else:
        out(verification_text(found, at.audit_seq, at.audit_hash, style=style(no_color=no_color)))
    return 1 if found else 0
