"""segctl log"""

from __future__ import annotations

from typing import Annotated

import typer

from segctl.cli.options import HERE, Chdir, Env, Json, NoColor
from segctl.cli.session import context_of, opened
from segctl.cli.tabular import Csv, Wide, print_table


def log(
    name: Annotated[str, typer.Argument(help="A segment, or an address such as rule.NAME.")],
    limit: Annotated[int, typer.Option("--limit", help="At most this many, newest first.", min=1)] = 50,
    json: Json = False,
    csv: Csv = False,
    wide: Wide = False,
    env: Env = None,
    no_color: NoColor = False,
    chdir: Chdir = HERE,
) -> int:
    """Show the story of a segment: commits of its file, its versions, and what else the audit log has of it.

    A version has the commit that it was applied from. Commits are those of the file, through its renames; of a
    segment without a file, those of files with its name.

    \b
    Examples:
      segctl log vip
      segctl log rule.active-depositor --wide
      segctl log vip --json
    """
    from segctl.cli.console import out, say
    from segctl.view.timeline import timeline_json, timeline_notes, timeline_table
    from segctl.workflow.timeline import timeline

    loaded = opened(chdir)
    found = timeline(context_of(loaded, env), loaded, name, limit)
    if json:
        out(timeline_json(found))
        return 0
    code = print_table(timeline_table(found), json=False, csv=csv, wide=wide, no_color=no_color)
    for note in timeline_notes(found):
        say(note)
    return code
