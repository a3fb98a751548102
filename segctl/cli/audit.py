"""segctl audit log; the other verbs of the audit log stand in files of their own"""

from __future__ import annotations

from typing import Annotated

import typer

from segctl.cli.audit_checkpoint import checkpoint, keygen
from segctl.cli.audit_export import export
from segctl.cli.audit_proof import check_proof, prove
from segctl.cli.audit_verify import verify
from segctl.cli.options import HERE, Chdir, Env, Json, NoColor
from segctl.cli.session import context_of, opened
from segctl.cli.tabular import Csv, Wide, print_table

app = typer.Typer(help="Read, verify, anchor, export the audit log.", rich_markup_mode=None, no_args_is_help=True)


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


app.command("verify", short_help="Check that the log is whole and what it is anchored in.")(verify)
app.command("checkpoint", short_help="Print what the log is now, to be kept elsewhere.")(checkpoint)
app.command("keygen", short_help="Make a key that signs checkpoints.")(keygen)
app.command("prove", short_help="Write a proof that one row stands in the log.")(prove)
app.command("check-proof", short_help="Check such a proof, without a database.")(check_proof)
app.command("export", short_help="Write the log as JSON Lines.")(export)
