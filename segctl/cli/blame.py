"""segctl blame"""

from __future__ import annotations

from typing import Annotated

import typer

from segctl.cli.options import HERE, Chdir, Env, Json, NoColor
from segctl.cli.session import context_of, opened
from segctl.cli.tabular import Csv, Wide, print_table


def blame(
    name: Annotated[str, typer.Argument(help="A segment, deployed or archived, or an address such as rule.NAME.")],
    json: Json = False,
    csv: Csv = False,
    wide: Wide = False,
    env: Env = None,
    no_color: NoColor = False,
    chdir: Chdir = HERE,
) -> int:
    """Show which apply brought each condition: its version, when, by whom, from which commit.

    Who edits a threshold brings the condition, who moves it into another group too; its order means nothing.

    \b
    Examples:
      segctl blame vip
      segctl blame vip --wide               the plan and the state too
      segctl blame rule.active-depositor --json
    """
    from segctl.view.blame import Line, blame_table, part_text
    from segctl.workflow.blame import blame as blamed

    found = blamed(context_of(opened(chdir), env), name)
    lines = [
        Line(
            part_text(one.part.key, one.part.value, one.part.depth, found.speech),
            one.version.version,
            one.version.at,
            one.version.author,
            one.version.commit_id,
            one.dirty,
            one.version.serial,
            one.version.plan_id,
        )
        for one in found.parts
    ]
    table = blame_table(lines, address=found.object.address)
    return print_table(table, json=json, csv=csv, wide=wide, no_color=no_color)
