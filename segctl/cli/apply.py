"""segctl apply"""

from __future__ import annotations

import time
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from segctl.base.errors import Refused
from segctl.base.timings import started
from segctl.cli.options import HERE, Allow, AsOf, Chdir, Env, Json, LockTimeout, NoColor, Quiet
from segctl.cli.session import LOCK_TIMEOUT_SECONDS, context_of, opened
from segctl.cli.timed import TimingsOption, tell

if TYPE_CHECKING:
    from segctl.workflow.apply import Applied

File = Annotated[
    Path | None, typer.Argument(help="A saved plan: do exactly this, and ask nothing.", show_default=False)
]
Webhooks = Annotated[
    bool | None,
    typer.Option(
        "--webhooks/--no-webhooks",
        help="Whether webhooks hear who joins and leaves. Asked where there are many (ask_above in segctl.yaml).",
        show_default=False,
    ),
]
AutoApprove = Annotated[bool, typer.Option("--auto-approve", help="Do not ask before applying.")]


def apply(
    file: File = None,
    auto_approve: AutoApprove = False,
    allow: Allow = None,
    approval: Annotated[
        list[Path] | None,
        typer.Option(
            "--approval", metavar="FILE", help="An approval that is kept elsewhere than in plans/approvals/."
        ),
    ] = None,
    webhooks: Webhooks = None,
    json: Json = False,
    env: Env = None,
    as_of: AsOf = None,
    lock_timeout: LockTimeout = LOCK_TIMEOUT_SECONDS,
    timings: TimingsOption = False,
    quiet: Quiet = False,
    no_color: NoColor = False,
    chdir: Chdir = HERE,
) -> int:
    """Make a plan real: definitions, members, history and audit log, in one transaction.

    Without a file it plans, shows the plan and asks. With one it does exactly what the file says, or refuses:
    a plan that is stale, edited, applied already or made for another state changes nothing.

    \b
    Examples:
      segctl apply
      segctl apply plans/2026-11-22-7c1d04e.json
      segctl apply --auto-approve --json
      segctl apply --allow protected:vip    what the plan warns of, and is meant
      segctl apply --no-webhooks            move members, and tell no webhook
    """
    from segctl.cli.planning import made_plan, mistaken, read_saved, show_plan
    from segctl.cli.progress import watched
    from segctl.workflow.apply import apply_planned, apply_saved
    from segctl.workflow.permitted import refuse_forbidden
    from segctl.workflow.telling import too_many

    spent = started()
    loaded = opened(chdir)
    spent.lap("reading files")
    with mistaken(loaded, no_color=no_color, json=json):
        context = context_of(loaded, env, as_of=as_of, author=True, lock_timeout=lock_timeout, allow=allow or ())
        context = replace(context, timings=spent)
        if context.policies.policies:
            from segctl.workflow.approvals import given

            files = [chdir / one for one in approval or ()]
            context = replace(context, approvals=given(context.root, files, context.policies))
        if file is not None:
            plan = read_saved(file)
            if plan.empty:
                show_plan(plan, saved=None, json=json, no_color=no_color)
                return 0
            began = time.monotonic()
            with watched(context, quiet=quiet) as seen:
                applied = apply_saved(seen, loaded, plan, telling=webhooks)
            tell(spent, wanted=timings, json=json)
            return _done(applied, began, json=json)
        made = made_plan(context, loaded, quiet=quiet)
    if not json or made.evaluated is None:
        show_plan(made.plan, saved=None, json=json, no_color=no_color, then="")
    if made.evaluated is None:
        return 0
    refuse_forbidden(context, made.plan, shown=not json)
    if not auto_approve:
        _ask(json=json)
        webhooks = _telling(too_many(context, made.plan)) if webhooks is None else webhooks
    began = time.monotonic()
    spent.lap()  # whoever was asked took their time
    applied = apply_planned(context, made.evaluated, telling=webhooks)
    tell(spent, wanted=timings, json=json)
    return _done(applied, began, json=json)


def _ask(*, json: bool) -> None:
    """Goes on only after `yes`. Raises: Refused where nobody can answer, Exit after any other answer."""
    from segctl.cli.console import interactive

    if json or not interactive():
        raise Refused(
            "Nobody is here to answer, so nothing was applied.",
            "Review a saved plan and apply that: segctl plan -o plans/ ; segctl apply plans/FILE",
            "Or apply without a question: segctl apply --auto-approve",
        )
    answer = typer.prompt("Apply this plan? Only `yes` does", default="", show_default=False)
    if answer.strip() != "yes":
        typer.echo("Nothing was applied.", err=True)
        raise typer.Exit(1)


def _telling(messages: int) -> bool | None:
    """Whether many messages are sent: `send` or `skip`. Raises: Exit after any other answer."""
    if not messages:
        return None
    question = f"The edits would send {messages:,} webhook messages. `send` does, `skip` tells nobody"
    answer = str(typer.prompt(question, default="", show_default=False)).strip()
    if answer not in ("send", "skip"):
        typer.echo("Nothing was applied.", err=True)
        raise typer.Exit(1)
    return answer == "send"


def _done(applied: Applied, began: float, *, json: bool) -> int:
    from segctl.cli.console import out
    from segctl.plan.document import totals
    from segctl.view.applied import Written, applied_text
    from segctl.view.data import json_text

    receipt = applied.receipt
    if json:
        out(json_text({"plan": applied.plan.id, **asdict(receipt)}))
        return 0
    written = Written(**asdict(receipt))
    seconds = time.monotonic() - began
    out(applied_text(applied.plan.id, totals(applied.plan), written, seconds, then="Who is in now:  segctl list"))
    return 0
