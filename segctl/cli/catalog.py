"""segctl catalog list, segctl catalog show"""

from __future__ import annotations

from typing import Annotated

import typer

from segctl.cli.options import HERE, Chdir, Json, NoColor
from segctl.cli.session import opened
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
