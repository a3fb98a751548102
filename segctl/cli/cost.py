"""segctl cost"""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

import typer

from segctl.base.timings import started
from segctl.cli.explain import At, Declared
from segctl.cli.options import HERE, Chdir, Env, Json, Quiet
from segctl.cli.session import context_of, opened


def cost(
    segment: Annotated[str, typer.Argument(metavar="SEGMENT", help="The segment.")],
    at: At = None,
    declared: Declared = False,
    estimate: Annotated[
        bool, typer.Option("--estimate", help="Tell facts and tables only, and read nothing from the warehouse.")
    ] = False,
    json: Json = False,
    env: Env = None,
    quiet: Quiet = False,
    chdir: Chdir = HERE,
) -> int:
    """Show what a segment adds to a run: what only it asks for, and how long reading that takes.

    All segments share one read of the warehouse. Conditions that others have too cost nothing more; the others are
    measured by reading just what they need, now. What is deployed decides; a segment that is not deployed yet is
    held against the others by its file.

    \b
    Examples:
      segctl cost vip
      segctl cost vip --declared          before you apply
      segctl cost vip --estimate          without reading the warehouse
    """
    from segctl.cli.console import out, terminal_width
    from segctl.cli.progress import watched
    from segctl.view.cost import WIDTH, cost_data, cost_text
    from segctl.view.data import json_text
    from segctl.view.tree import Said
    from segctl.workflow.cost import cost as costed
    from segctl.workflow.show import speech

    loaded = opened(chdir)
    with watched(replace(context_of(loaded, env, as_of=at), timings=started()), quiet=quiet) as context:
        found = costed(context, loaded, segment, declared=declared, measure=not estimate)
    catalog = found.known.parts.catalog
    said = Said(
        speech(catalog), catalog, context.clock, [name for name, one in catalog.attributes.items() if one.pii]
    )
    if json:
        out(json_text(cost_data(found.cost, said)))
        return 0
    out(cost_text(found.cost, said, width=min(terminal_width(WIDTH), 140)))
    return 0
