"""segctl catalog list, segctl catalog show, segctl catalog check"""

from __future__ import annotations

from typing import Annotated

import typer

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
    from segctl.cli.console import out, style
    from segctl.view.field import field_json, field_text
    from segctl.workflow.fields import field_page, fields_of

    page = field_page(fields_of(opened(chdir)), field)
    out(field_json(page) if json else field_text(page, style=style(no_color=no_color)))
    return 0


@app.command("check", short_help="Compare the catalog with the real warehouse.")
def check(json: Json = False, env: Env = None, no_color: NoColor = False, chdir: Chdir = HERE) -> int:
    """Compare the catalog with the real warehouse of an environment: everything that disagrees, at its line.

    Missing tables and columns, other types, floating money, times without a zone, a player key that is not
    unique, values that the catalog does not list. Only reads. Exit code 1 if there is any error; warnings are 0.

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
