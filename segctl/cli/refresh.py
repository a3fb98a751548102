"""segctl refresh"""

from __future__ import annotations

import time
from dataclasses import asdict, replace
from typing import Annotated

import typer

from segctl.base.timings import started
from segctl.cli.options import HERE, AsOf, Chdir, Env, Json, LockTimeout, Quiet
from segctl.cli.session import LOCK_TIMEOUT_SECONDS, context_of, opened
from segctl.cli.timed import TimingsOption, tell

Full = Annotated[bool, typer.Option("--full", help="Look at every player, whatever the last refresh kept.")]


def refresh(
    json: Json = False,
    env: Env = None,
    as_of: AsOf = None,
    full: Full = False,
    lock_timeout: LockTimeout = LOCK_TIMEOUT_SECONDS,
    timings: TimingsOption = False,
    quiet: Quiet = False,
    chdir: Chdir = HERE,
) -> int:
    """Evaluate all deployed segments now, and record who joined and left, and why.

    Definitions are those deployed, not those in the files: `segctl apply` changes definitions. Static segments
    keep their members. Only players with new events, and those whom the clock may have moved, are looked at; what
    that needs is kept in a file, and without it, or with --full, everybody is. The members are the same.

    \b
    Examples:
      segctl refresh
      segctl refresh --env production --json
      segctl refresh --timings               where the time went, by stage and by segment
      segctl refresh --full
    """
    from segctl.cli.console import out
    from segctl.cli.progress import watched
    from segctl.view.applied import Looked, Moved, Written, refreshed_text
    from segctl.view.data import instant_text, json_text
    from segctl.workflow.refresh import refresh as refreshed

    spent = started()
    loaded = opened(chdir)
    spent.lap("reading files")
    context = context_of(loaded, env, as_of=as_of, author=True, lock_timeout=lock_timeout)
    began = time.monotonic()
    with watched(replace(context, timings=spent), quiet=quiet) as seen:
        done = refreshed(seen, full=full)
    tell(spent, wanted=timings, json=json)
    impacts = {name: effect.impact for name, effect in done.effects.items()}
    if json:
        segments = {name: asdict(impact) for name, impact in impacts.items()}
        told = {**asdict(done.receipt), "as_of": instant_text(context.now), "evaluation": asdict(done.looked)}
        out(json_text({**told, "segments": segments}))
        return 0
    moves = [
        Moved(name, one.before, one.after, one.joining, one.leaving)
        for name, one in impacts.items()
        if one.joining or one.leaving
    ]
    then = "Who moved and why:  segctl history NAME"
    seconds = time.monotonic() - began
    written, looked = Written(**asdict(done.receipt)), Looked(**asdict(done.looked))
    out(refreshed_text(written, context.now, len(impacts), moves, seconds, looked=looked, then=then))
    return 0
