"""segctl verify"""

from __future__ import annotations

from typing import Annotated

import typer

from segctl.cli.door import FAILED, OK
from segctl.cli.options import HERE, AsOf, Chdir, Env, Json, NoColor
from segctl.cli.session import context_of, opened


def verify(
    sample: Annotated[
        int, typer.Option("--sample", metavar="N", help="Ask the oracle about so many players.", min=0)
    ] = 20,
    json: Json = False,
    env: Env = None,
    as_of: AsOf = None,
    no_color: NoColor = False,
    chdir: Chdir = HERE,
) -> int:
    """Compare all deployed members with a full evaluation, and some players with the oracle. Writes nothing.

    Every segment is evaluated anew at the instant of its members, and now. Who differs does so by data that came
    since, by the clock since then, or wrongly; where no table says whether data came, it is unclear. Exit code 1
    if anything is wrong.

    \b
    Examples:
      segctl verify
      segctl verify --sample 200 --json
    """
    from segctl.cli.console import out
    from segctl.cli.progress import watched
    from segctl.cli.tabular import print_table
    from segctl.view.data import json_text
    from segctl.view.verified import Compared, verified_data, verified_table
    from segctl.workflow.verify import verified

    context = context_of(opened(chdir), env, as_of=as_of)
    with watched(context) as watching:
        found = verified(watching, sample=sample)
    segments = [
        Compared(
            one.name,
            one.as_of,
            one.members,
            data=len(one.differences.data),
            clock=len(one.differences.clock),
            unclear=len(one.differences.unclear),
            wrong=len(one.differences.wrong),
            oracle=one.disagreeing,
        )
        for one in found.segments
    ]
    if json:
        out(json_text(verified_data(segments, found.now, found.sample)))
    else:
        print_table(verified_table(segments, found.now, found.sample), json=False, no_color=no_color)
    return OK if found.right else FAILED
