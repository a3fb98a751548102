"""segctl player"""

from __future__ import annotations

from typing import Annotated

import typer

from segctl.cli.options import HERE, Chdir, Env, Json, NoColor
from segctl.cli.session import context_of, opened
from segctl.cli.tabular import Csv, Wide, print_table


def player(
    player_id: Annotated[str, typer.Argument(metavar="ID", help="The player's id, as the warehouse has it.")],
    json: Json = False,
    csv: Csv = False,
    wide: Wide = False,
    env: Env = None,
    no_color: NoColor = False,
    chdir: Chdir = HERE,
) -> int:
    """Show the segments a player is in, and since when.

    \b
    Examples:
      segctl player p_8841
      segctl history --player p_8841      every move, and why
    """
    from segctl.view.player import Since, player_table
    from segctl.workflow.player import segments_of

    found = segments_of(context_of(opened(chdir), env), player_id)
    rows = [Since(one.name, one.title, one.since) for one in found]
    as_of = max((one.as_of for one in found), default=None)
    table = player_table(rows, player=player_id, as_of=as_of)
    return print_table(table, json=json, csv=csv, wide=wide, no_color=no_color)
