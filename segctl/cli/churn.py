"""segctl churn"""

from __future__ import annotations

from typing import Annotated

import typer

from segctl.cli.options import HERE, By, Chdir, Env, Json, NoColor
from segctl.cli.session import context_of, opened
from segctl.cli.tabular import Csv, Wide, print_table


def churn(
    name: Annotated[str, typer.Argument(help="The segment.")],
    since: Annotated[
        str, typer.Option("--since", help="Those who joined this long ago or later: 12w, 1y.")
    ] = "1y",
    by: Annotated[By, typer.Option("--by", help="day, week or month.")] = By.month,
    json: Json = False,
    csv: Csv = False,
    wide: Wide = False,
    env: Env = None,
    no_color: NoColor = False,
    chdir: Chdir = HERE,
) -> int:
    """Show how long members stay: of those who joined in a month, how many were in after 1, 2, 3, … more.

    A player belongs to the month in which they first joined. Who left and came back is in again from then on:
    `returned` counts them, `stayed` those who never left. Text is in percent, JSON and CSV count players.

    \b
    Examples:
      segctl churn vip
      segctl churn vip --by week --since 12w
    """
    from segctl.model.time import moment, shifted
    from segctl.spec.typed import typed_duration
    from segctl.view.churn import churn_counts, churn_shares
    from segctl.workflow.churn import churn as churn_of

    stretch = typed_duration(since)
    context = context_of(opened(chdir), env)
    found = churn_of(context, name, moment(shifted(context.clock, stretch, -1)), by.value)
    table = churn_counts(found) if json or csv else churn_shares(found)
    return print_table(table, json=json, csv=csv, wide=wide, no_color=no_color)
