"""segctl catalog list, segctl catalog show, segctl catalog check, segctl catalog infer"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from segctl.base.errors import Refused
from segctl.cli.options import HERE, Chdir, Env, Json, NoColor
from segctl.cli.session import context_of, opened
from segctl.cli.tabular import Csv, Wide

app = typer.Typer(
    help="List, explain, check and infer the fields of the catalog.", rich_markup_mode=None, no_args_is_help=True
)


@app.command("list", short_help="List the fields that rules may use, by group.")
def list_(
    group: Annotated[str | None, typer.Option("--group", help="Only the fields of this group.")] = None,
    json: Json = False,
    csv: Csv = False,
    wide: Wide = False,
    no_color: NoColor = False,
    chdir: Chdir = HERE,
) -> int:
    """List the fields that rules may use, by group: type, unit, title, and the operators of each type.

    \b
    Examples:
      segctl catalog list
      segctl catalog list --group Deposits
      segctl catalog list --wide                with values, dimensions and operators
    """
    from segctl.cli.console import out, style, terminal_width
    from segctl.cli.tabular import print_table
    from segctl.view.fields import fields_json, fields_table, fields_text
    from segctl.view.tables import NARROW
    from segctl.workflow.fields import field_rows, fields_of

    rows = field_rows(fields_of(opened(chdir)), group)
    if csv:
        return print_table(fields_table(rows), json=False, csv=True)
    if json:
        out(fields_json(rows))
    else:
        out(fields_text(rows, width=None if wide else terminal_width(NARROW), style=style(no_color=no_color)))
    return 0


@app.command("show", short_help="Explain one field: meaning, source, operators, uses.")
def show(
    field: Annotated[str, typer.Argument(help="The field.")],
    json: Json = False,
    no_color: NoColor = False,
    chdir: Chdir = HERE,
) -> int:
    """Explain one field: what it means, how it is made, a condition for each operator, and where it is used.

    \b
    Examples:
      segctl catalog show total_deposit_amount
      segctl catalog show country --json
    """
    from segctl.cli.console import out, style, terminal_width
    from segctl.view.field import WIDTH, field_json, field_text
    from segctl.view.tables import NARROW
    from segctl.workflow.fields import field_page, fields_of

    page = field_page(fields_of(opened(chdir)), field)
    if json:
        out(field_json(page))
    else:
        width = min(WIDTH, terminal_width(NARROW))
        out(field_text(page, style=style(no_color=no_color), width=width))
    return 0


@app.command("check", short_help="Compare the catalog with the real warehouse.")
def check(json: Json = False, env: Env = None, no_color: NoColor = False, chdir: Chdir = HERE) -> int:
    """Compare the catalog with the real warehouse of an environment: everything that disagrees, at its line.

    Missing tables and columns, other types, floating money, times without a zone, a player key that is not
    unique, values that the catalog does not list; on PostgreSQL, indexes that are missing, with their DDL. Only
    reads. Exit code 1 if there is any error; warnings are 0.

    \b
    Examples:
      segctl catalog check
      segctl catalog check --env production --json
    """
    from segctl.cli.console import out
    from segctl.cli.mistakes import shown
    from segctl.view.figures import counted
    from segctl.workflow.catalogcheck import check_catalog

    loaded = opened(chdir)
    context = context_of(loaded, env)
    found = check_catalog(context, loaded)
    if not found.diagnostics and not json:
        held = f"{counted(found.tables, 'table')} and {counted(found.columns, 'column')}"
        out(f"The catalog agrees with the warehouse of {context.environment}: {held}.")
        return 0
    form = "json" if json else "text"
    return shown(found.diagnostics, loaded.texts, 1, form, no_color=no_color, outcome="")


@app.command("infer", short_help="Write a first catalog from a database that is new to segctl.")
def infer(
    warehouse: Annotated[
        str | None,
        typer.Option("--warehouse", help="Its address, e.g. duckdb:///casino.duckdb.", show_default=False),
    ] = None,
    saved_to: Annotated[Path | None, typer.Option("--out", "-o", help="Write to this file.")] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace the file if it is there.")] = False,
    player: Annotated[str | None, typer.Option("--player", help="The table with one row a player.")] = None,
    currency: Annotated[str | None, typer.Option("--currency", help="The base currency, e.g. EUR.")] = None,
    timezone: Annotated[
        str | None, typer.Option("--timezone", help="Where timestamps without a time zone were written down.")
    ] = None,
    env: Env = None,
    chdir: Chdir = HERE,
) -> int:
    """Write a first catalog from a database that segctl has never seen.

    Finds the player table, events, keys, types, closed values and obvious metrics; guesses what is personal.
    What a person must decide is marked DECIDE. Without --warehouse: that of the environment. Only reads.

    \b
    Examples:
      segctl catalog infer --warehouse duckdb:///chinook.duckdb
      segctl catalog infer -o segments/catalog.yaml --force --timezone UTC
    """
    from segctl.cli.console import out, say
    from segctl.files.atomic import write_text
    from segctl.files.scaffold import slug
    from segctl.view.draft import draft_words
    from segctl.warehouse.infer.walk import Told
    from segctl.workflow.infer import file_of, inferred_catalog

    _refuse_wrong(saved_to, currency, timezone, force=force)
    url = warehouse if warehouse is not None else context_of(opened(chdir), env).warehouse
    name = slug(file_of(url).partition(".")[0])
    found = inferred_catalog(url, Told(name, currency, timezone, player))
    if saved_to is None:
        out(found.text)
        say(draft_words(found.draft))
        return 0
    write_text(saved_to, found.text)
    out(f"Wrote {saved_to}: {draft_words(found.draft)}\nNext:  segctl validate && segctl catalog check")
    return 0


def _refuse_wrong(saved_to: Path | None, currency: str | None, timezone: str | None, *, force: bool) -> None:
    """Options that would make a file which nobody could use. Raises: Refused."""
    import re

    from segctl.cli.init import refuse_unknown

    if saved_to is not None and saved_to.exists() and not force:
        raise Refused(f"{saved_to} is there already.", "Write to another file, or replace it with --force.")
    if currency is not None and not re.fullmatch("[A-Z][A-Z0-9]{2,9}", currency):
        raise Refused(f"`{currency}` is not a currency.", "Write its code, such as --currency EUR.")
    if timezone is not None:
        refuse_unknown(timezone)
