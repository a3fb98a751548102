"""segctl plan"""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

import typer

from segctl.base.timings import started
from segctl.cli.options import HERE, Allow, AsOf, Chdir, Env, Formatted, Json, NoColor, Out, PlanFormat, Quiet
from segctl.cli.session import context_of, opened
from segctl.cli.timed import TimingsOption, tell


def plan(
    saved_to: Out = None,
    form: Formatted = PlanFormat.text,
    json: Json = False,
    detailed_exitcode: Annotated[
        bool, typer.Option("--detailed-exitcode", help="Exit 0 without changes, 1 on error, 2 with changes.")
    ] = False,
    base: Annotated[
        str | None,
        typer.Option("--base", metavar="REF", help="Plan only what differs from this commit, under its settings."),
    ] = None,
    allow: Allow = None,
    strict: Annotated[
        bool, typer.Option("--strict", help="Exit 1 while a hazard is not allowed; the plan is made all the same.")
    ] = False,
    env: Env = None,
    as_of: AsOf = None,
    timings: TimingsOption = False,
    quiet: Quiet = False,
    no_color: NoColor = False,
    chdir: Chdir = HERE,
) -> int:
    """Show what would change, and which players would join and leave. Writes nothing.

    Compares the files with what is deployed, and evaluates the difference over the warehouse.

    \b
    Examples:
      segctl plan
      segctl plan -o plans/                 save it, to review and apply exactly this
      segctl plan --env production --json
      segctl plan --base origin/main        only what this branch brings
      segctl plan --format markdown         the comment of a pull request
      segctl plan --allow max_change:vip -o plans/
      segctl plan --detailed-exitcode       2 if there is something to apply
      segctl plan --timings                 where the time went, by stage and by segment
    """
    from segctl.cli.planning import made_plan, mistaken, save, show_plan
    from segctl.plan.hazards import refused
    from segctl.workflow.telling import too_many

    spent = started()
    loaded = opened(chdir)
    spent.lap("reading files")
    with mistaken(loaded, no_color=no_color, json=json):
        against = None
        if base is not None:
            from segctl.workflow.based import base_of, with_settings

            against = base_of(loaded, base)
            loaded = with_settings(loaded, against)
        context = replace(context_of(loaded, env, as_of=as_of, allow=allow or ()), timings=spent)
        made = made_plan(context, loaded, against, quiet=quiet)
    saved = save(made.plan, saved_to) if saved_to else None
    many = too_many(context, made.plan)
    show_plan(made.plan, saved=saved, json=json, no_color=no_color, form=form, many=many)
    spent.lap("comparing with the state" if made.evaluated is None else "showing it")
    tell(spent, wanted=timings, json=json)
    if strict and refused(made.plan.hazards):
        return 1
    return 2 if detailed_exitcode and not made.plan.empty else 0
