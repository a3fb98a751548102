"""segctl overlap"""

from __future__ import annotations

from typing import Annotated

import typer

from segctl.cli.figure import Png, Svg, need_charts, write_figures
from segctl.cli.options import HERE, Chdir, Env, Json, NoColor, PastAt, past_instant
from segctl.cli.session import context_of, opened
from segctl.cli.tabular import Csv, Sort, Wide, print_table


def overlap(
    names: Annotated[list[str], typer.Argument(metavar="NAME…", help="Two segments or more.")],
    at: PastAt = None,
    png: Png = None,
    svg: Svg = None,
    json: Json = False,
    csv: Csv = False,
    sort: Sort = None,
    wide: Wide = False,
    env: Env = None,
    no_color: NoColor = False,
    chdir: Chdir = HERE,
) -> int:
    """Show how many players segments have in common.

    The Jaccard index is the share of those in both among those in either: 100 % are the same players.
    JSON, CSV and --sort have a row for each pair.

    \b
    Examples:
      segctl overlap vip at-risk lapsed
      segctl overlap vip at-risk lapsed --sort -jaccard
      segctl overlap vip at-risk --at 2026-10-01
      segctl overlap vip at-risk lapsed --png overlap.png
    """
    from segctl.cli.console import out, style, terminal_width
    from segctl.view.overlap import overlap_text, pairs_table
    from segctl.view.tables import NARROW
    from segctl.workflow.overlap import overlap as overlap_of

    need_charts(png, svg)
    context = context_of(opened(chdir), env)
    then = None if at is None else past_instant(at, context.clock.zone, context.now)
    found = overlap_of(context, names, then)
    if png or svg:
        from segctl.charts.overlap import overlap_figure
        from segctl.view.figures import moment

        said = f"{context.environment} · {moment(found.at or context.now)} · % of those in either who are in both"
        return write_figures(png, svg, lambda form: overlap_figure(found, subtitle=said, form=form))
    if json or csv or sort:
        return print_table(pairs_table(found), json=json, csv=csv, wide=wide, sort=sort, no_color=no_color)
    out(overlap_text(found, width=None if wide else terminal_width(NARROW), style=style(no_color=no_color)))
    return 0
