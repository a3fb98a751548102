"""segctl history"""

from __future__ import annotations

from typing import Annotated

import typer

from segctl.base.errors import Refused
from segctl.cli.options import HERE, Chdir, Env, Json, NoColor
from segctl.cli.session import context_of, opened
from segctl.cli.tabular import Csv, Wide, print_table
from segctl.view.tables import Table
from segctl.workflow.context import Context


def history(
    name: Annotated[str | None, typer.Argument(help="The segment.", show_default=False)] = None,
    player: Annotated[str | None, typer.Option("--player", help="Instead: every move of this player.")] = None,
    limit: Annotated[int, typer.Option("--limit", help="At most this many, newest first.", min=1)] = 50,
    json: Json = False,
    csv: Csv = False,
    wide: Wide = False,
    env: Env = None,
    no_color: NoColor = False,
    chdir: Chdir = HERE,
) -> int:
    """Show who joined and left, when, in which run and why.

    Causes: definition (it was changed), data, clock (time alone), dependency (a segment it uses), list.

    \b
    Examples:
      segctl history vip
      segctl history --player p_8841
    """
    if (name is None) == (player is None):
        raise Refused(
            "Say whose history: a segment or a player.", "segctl history NAME, or segctl history --player ID"
        )
    context = context_of(opened(chdir), env)
    table = _of_player(context, player, limit) if player is not None else _of_segment(context, name or "", limit)
    return print_table(table, json=json, csv=csv, wide=wide, no_color=no_color)


def _of_player(context: Context, player: str, limit: int) -> Table:
    from segctl.view.history import PlayerMove, player_history
    from segctl.workflow.player import moves_of

    moves = moves_of(context, player, limit)
    rows = [
        PlayerMove(one.move.at, one.segment, one.move.direction, one.move.cause, one.move.serial) for one in moves
    ]
    return player_history(rows, player=player)


def _of_segment(context: Context, name: str, limit: int) -> Table:
    from segctl.view.history import Moves, segment_history
    from segctl.workflow.story import moves

    rows = [Moves(one.at, one.serial, one.cause, one.joined, one.left) for one in moves(context, name, limit)]
    return segment_history(rows, segment=name)
