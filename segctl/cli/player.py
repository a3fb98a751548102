"""segctl player"""

from __future__ import annotations

from typing import Annotated

import typer

from segctl.cli.options import HERE, Chdir, Env, Json, NoColor
from segctl.cli.session import context_of, opened
from segctl.cli.tabular import Csv, Wide, print_table


def player(
    player_id: Annotated[str, typer.Argument(metavar="ID", help="The player's id, as the warehouse has it.")],
    limit: Annotated[int, typer.Option("--limit", help="At most this many moves, newest first.", min=1)] = 20,
    json: Json = False,
    csv: Csv = False,
    wide: Wide = False,
    env: Env = None,
    no_color: NoColor = False,
    chdir: Chdir = HERE,
) -> int:
    """Show a player's page: the segments they are in, since when, and each time they joined or left one, and why.

    CSV has the segments alone; the moves are in `segctl history --player ID --csv`.

    \b
    Examples:
      segctl player p_8841
      segctl player p_8841 --json
      segctl explain vip p_8841           why they are in a segment or are not
    """
    from segctl.cli.console import out, style, terminal_width
    from segctl.view.data import json_text
    from segctl.view.history import PlayerMove
    from segctl.view.player import Page, Since, page_data, page_text, player_table
    from segctl.view.tables import NARROW
    from segctl.workflow.player import moves_of, segments_of

    context = context_of(opened(chdir), env)
    found = segments_of(context, player_id)
    as_of = max((one.as_of for one in found), default=None)
    rows = tuple(Since(one.name, one.title, one.since) for one in found)
    if csv and not json:
        return print_table(player_table(rows, player=player_id, as_of=as_of), json=False, csv=True)
    # one more tells whether there are more
    moves = tuple(
        PlayerMove(one.move.at, one.segment, one.move.direction, one.move.cause, one.move.serial)
        for one in moves_of(context, player_id, limit + 1)
    )
    page = Page(player_id, rows, moves[:limit], as_of, more=len(moves) > limit)
    if json:
        out(json_text(page_data(page)))
        return 0
    width = None if wide else terminal_width(NARROW)
    out(page_text(page, width=width, style=style(no_color=no_color)))
    return 0
