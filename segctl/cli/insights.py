"""segctl insights"""

from __future__ import annotations

from typing import Annotated

import typer

from segctl.cli.options import HERE, Chdir, Env, Json, NoColor
from segctl.cli.session import context_of, opened
from segctl.cli.tabular import Csv, Sort, Wide, print_table


def insights(
    names: Annotated[list[str], typer.Argument(metavar="NAME…", help="One segment or more.")],
    during: Annotated[str, typer.Option("--during", help="The window beside the lifetime: 30d, 3mo.")] = "30d",
    json: Json = False,
    csv: Csv = False,
    sort: Sort = None,
    wide: Wide = False,
    env: Env = None,
    no_color: NoColor = False,
    chdir: Chdir = HERE,
) -> int:
    """Show what segments are worth, side by side: money, age, countries, who can be reached.

    The warehouse is read once for all segments. Members are those of the last run, figures of now. Which fields
    mean what: `insights:` in segctl.yaml, or the names of the shipped catalog. JSON, CSV and --sort have a row for
    each segment.

    \b
    Examples:
      segctl insights vip at-risk
      segctl insights vip at-risk --during 90d
      segctl insights vip at-risk lapsed --csv
    """
    from segctl.cli.console import out, style, terminal_width
    from segctl.cli.progress import watched
    from segctl.model.time import Rolling
    from segctl.spec.typed import typed_duration
    from segctl.view.data import json_text
    from segctl.view.insights import insights_data, insights_table, insights_text
    from segctl.view.tables import NARROW
    from segctl.workflow.insights import insights as insights_of

    window = Rolling(typed_duration(during))
    loaded = opened(chdir)
    context = context_of(loaded, env)
    named = loaded.settings.insights if loaded.settings else {}
    with watched(context) as watching:
        found = insights_of(watching, names, window, named)
    if json:
        out(json_text(insights_data(found, during)))
        return 0
    if csv or sort:
        return print_table(
            insights_table(found, during), json=False, csv=csv, wide=wide, sort=sort, no_color=no_color
        )
    width = None if wide else terminal_width(NARROW)
    out(insights_text(found, during=during, width=width, style=style(no_color=no_color)))
    return 0
