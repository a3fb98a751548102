"""segctl next"""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from segctl.cli.options import HERE, Chdir, Env, Json
from segctl.cli.session import context_of, opened


def next_(
    segment: Annotated[
        str | None, typer.Argument(metavar="NAME", help="The segment; all that are deployed if left out.")
    ] = None,
    looks: Annotated[
        int, typer.Option("--looks", metavar="N", help="Look at so many instants before a bound is enough.", min=0)
    ] = 20,
    json: Json = False,
    env: Env = None,
    chdir: Chdir = HERE,
) -> int:
    """Show when the clock alone next lets anybody in or out, if no data come: until then a worker may sleep.

    The engine finds the first instant at which anything could change, and whoever it may have changed is evaluated
    there; if nobody moved, the next one. What is shown is that instant exactly or, after so many looks, one before
    which nothing changes: `exact` in the JSON says which.

    \b
    Examples:
      segctl next
      segctl next lapsed-depositors-de
      segctl next --looks 0 --json          a bound, without evaluating anybody
    """
    from segctl.cli.console import out
    from segctl.cli.progress import watched
    from segctl.view.data import json_text
    from segctl.view.next import NextChange, next_data, next_text
    from segctl.workflow.next import ahead

    context = context_of(opened(chdir), env)
    with watched(context) as watching:
        found = NextChange(**asdict(ahead(watching, segment, looks=looks)))
    out(json_text(next_data(found)) if json else next_text(found, context.now))
    return 0
