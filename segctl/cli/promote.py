"""segctl promote"""

from __future__ import annotations

from typing import Annotated

import typer

from segctl.cli.options import HERE, Allow, AsOf, Chdir, Formatted, Json, NoColor, Out, PlanFormat
from segctl.cli.session import context_of, opened


def promote(
    names: Annotated[
        list[str] | None, typer.Argument(help="Only these; everything if left out.", show_default=False)
    ] = None,
    source: Annotated[str, typer.Option("--from", metavar="ENV", help="Where it was tried.")] = "",
    target: Annotated[str, typer.Option("--to", metavar="ENV", help="Where it goes.")] = "",
    saved_to: Out = None,
    form: Formatted = PlanFormat.text,
    json: Json = False,
    allow: Allow = None,
    as_of: AsOf = None,
    no_color: NoColor = False,
    chdir: Chdir = HERE,
) -> int:
    """Plan for one environment what another one has tried: what stands there just as the files say.

    What is deployed otherwise there, or not at all, is held back and named. The plan is one of the second
    environment, with its players and its hazards: review it, and apply it as any other.

    \b
    Examples:
      segctl promote --from dev --to production -o plans/
      segctl promote vip vip-soon --from dev --to production
    """
    from segctl.base.errors import Refused
    from segctl.cli.console import say
    from segctl.cli.planning import mistaken, promoted_plan, save, show_plan
    from segctl.view.safe import safe

    if not source or not target or source == target:
        raise Refused("Two environments are needed.", "segctl promote --from dev --to production")
    loaded = opened(chdir)
    with mistaken(loaded, no_color=no_color, json=json):
        first = context_of(loaded, source, as_of=as_of)
        second = context_of(loaded, target, as_of=as_of, allow=allow or ())
        made, held = promoted_plan(first, second, loaded, names or [])
    saved = save(made.plan, saved_to) if saved_to else None
    then = f"To make it real, save it:  segctl promote --from {source} --to {target} -o plans/"
    show_plan(made.plan, saved=saved, json=json, no_color=no_color, form=form, then=then)
    for one in held:
        say(f"Held back: {safe(one.address)}, {safe(one.reason)}")
    return 0
