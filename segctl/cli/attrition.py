"""segctl attrition"""

from __future__ import annotations

from typing import Annotated

import typer

from segctl.cli.explain import At, Declared
from segctl.cli.options import HERE, Chdir, Env, Json, NoColor, Quiet
from segctl.cli.session import context_of, opened


def attrition(
    segment: Annotated[str, typer.Argument(metavar="SEGMENT", help="The segment.")],
    at: At = None,
    declared: Declared = False,
    json: Json = False,
    env: Env = None,
    quiet: Quiet = False,
    no_color: NoColor = False,
    chdir: Chdir = HERE,
) -> int:
    """Show how many players are left after each condition of a segment, and how many each leaves alone.

    Conditions come in the order of the file; all are counted in one read of the warehouse. The last line is the
    number of members that the segment would have now. What is deployed decides; a segment that is not deployed
    yet is counted by its file.

    \b
    Examples:
      segctl attrition vip
      segctl attrition vip --declared                before you apply
      segctl attrition vip --at 2026-11-01T00:00:00Z
    """
    from segctl.cli.console import out, shows_symbols, style, terminal_width
    from segctl.cli.progress import watched
    from segctl.view.attrition import WIDTH, attrition_data, attrition_text
    from segctl.view.data import json_text
    from segctl.view.tree import ASCII_LINES, LINES, Said
    from segctl.workflow.attrition import attrition as counted
    from segctl.workflow.show import speech

    loaded = opened(chdir)
    with watched(context_of(loaded, env, as_of=at), quiet=quiet) as context:
        found = counted(context, loaded, segment, declared=declared)
    catalog = found.known.parts.catalog
    personal = [name for name, one in catalog.attributes.items() if one.pii]
    said = Said(speech(catalog), catalog, context.clock, personal)
    if json:
        out(json_text(attrition_data(found.funnel, said)))
        return 0
    out(
        attrition_text(
            found.funnel,
            said,
            lines=LINES if shows_symbols() else ASCII_LINES,
            width=min(terminal_width(WIDTH), 140),
            style=style(no_color=no_color),
        )
    )
    return 0
