"""Options and printing that all lists share."""

from __future__ import annotations

from typing import Annotated

import typer

from segctl.cli.console import out, style, terminal_width
from segctl.view.tables import NARROW, Table, table_csv, table_json, table_sorted, table_text

Csv = Annotated[bool, typer.Option("--csv", help="Print CSV.")]
Wide = Annotated[bool, typer.Option("--wide", help="Do not cut columns to 80 characters.")]
Sort = Annotated[str | None, typer.Option("--sort", help="Order by this column; -column for the greatest first.")]


def print_table(
    table: Table,
    *,
    json: bool,
    csv: bool = False,
    wide: bool = False,
    sort: str | None = None,
    no_color: bool = False,
) -> int:
    """Prints a table in the form that was asked for, and gives the exit code."""
    ordered = table_sorted(table, sort) if sort else table
    if json:
        out(table_json(ordered))
    elif csv:
        out(table_csv(ordered))
    else:
        out(table_text(ordered, width=None if wide else terminal_width(NARROW), style=style(no_color=no_color)))
    return 0
