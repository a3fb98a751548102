"""segctl stats"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from segctl.cli.figure import Png, Svg, need_charts, write_figures
from segctl.cli.options import HERE, By, Chdir, Env, Json, NoColor
from segctl.cli.session import context_of, opened
from segctl.cli.tabular import Csv, print_table

if TYPE_CHECKING:
    from segctl.view.stats import Stats


def stats(
    name: Annotated[str, typer.Argument(help="The segment.")],
    since: Annotated[str, typer.Option("--since", help="How far back: 90d, 6mo, 1y.")] = "90d",
    by: Annotated[
        By | None, typer.Option("--by", help="day, week or month; what fits if left out.", show_default=False)
    ] = None,
    png: Png = None,
    svg: Svg = None,
    json: Json = False,
    csv: Csv = False,
    env: Env = None,
    no_color: NoColor = False,
    chdir: Chdir = HERE,
) -> int:
    """Show a segment's size over time, who joined and left, and why.

    Sizes are exact: the members after the last run of each period. A mark stands where the definition changed.

    \b
    Examples:
      segctl stats vip
      segctl stats vip --since 1y --by month
      segctl stats vip --png vip.png      a figure for a slide
    """
    from segctl.cli.console import out, shows_symbols, style, terminal_width
    from segctl.model.time import moment, shifted
    from segctl.spec.typed import typed_duration
    from segctl.view.data import json_text
    from segctl.view.stats import stats_data, stats_table, stats_text
    from segctl.view.tables import NARROW
    from segctl.workflow.stats import stats as stats_of

    need_charts(png, svg)
    stretch = typed_duration(since)
    context = context_of(opened(chdir), env)
    found = stats_of(context, name, moment(shifted(context.clock, stretch, -1)), by.value if by else None)
    if png or svg:
        return _drawn(found, context.environment, png, svg)
    if json:
        out(json_text(stats_data(found)))
        return 0
    if csv:
        return print_table(stats_table(found), json=False, csv=True)
    width = min(terminal_width(NARROW), 120)
    out(stats_text(found, width=width, symbols=shows_symbols(), style=style(no_color=no_color)))
    return 0


def _drawn(found: Stats, environment: str, png: Png, svg: Svg) -> int:
    from segctl.charts.stats import stats_figure

    return write_figures(png, svg, lambda form: stats_figure(found, environment=environment, form=form))
