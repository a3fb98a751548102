"""segctl approve"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from segctl.cli.evidence import private_key
from segctl.cli.options import HERE, Chdir, Json, NoColor


def approve(
    file: Annotated[Path, typer.Argument(help="A saved plan.", show_default=False)],
    reason: Annotated[str, typer.Option("--reason", "-m", help="Why, for who reads the audit log.")] = "",
    tolerance: Annotated[
        float, typer.Option("--tolerance", help="By how many percent the moves may differ when it is applied.")
    ] = 10.0,
    key: Annotated[
        Path | None,
        typer.Option("--key", metavar="FILE", help="Sign with this ed25519 key (segctl audit keygen)."),
    ] = None,
    json: Json = False,
    no_color: NoColor = False,
    chdir: Chdir = HERE,
) -> int:
    """Approve what a saved plan would do. Asks no database.

    The approval is bound to what the plan changes and stands on, not to the instant: it holds for the same plan
    made again, while as many players move, and for no other. It is kept in plans/approvals/, to be committed with
    the plan. Who made a change cannot approve it. Without a key it is a claim; with one, evidence.

    \b
    Examples:
      segctl approve plans/2026-11-22-7c1d04e.json -m "as agreed with compliance"
      segctl approve plans/2026-11-22-7c1d04e.json --key ~/.segctl/ann.key --tolerance 5
    """
    from dataclasses import asdict

    from segctl.cli.console import out, say, style
    from segctl.cli.planning import read_saved
    from segctl.cli.session import context_of, opened
    from segctl.view.data import json_text
    from segctl.view.plan import plan_text
    from segctl.workflow.approvals import approve as approved

    plan = read_saved(chdir / file)
    context = context_of(opened(chdir), plan.environment, author=True)
    path, approval = approved(context, plan, reason=reason, tolerance=tolerance, key=private_key(chdir, key))
    name = path.relative_to(context.root)
    if json:
        out(json_text({"file": str(name), "signed": key is not None, **asdict(approval)}))
        return 0
    out(plan_text(plan, style=style(no_color=no_color)))
    say(f"Approved by {approval.by}{'' if key else ', as a claim (--key signs it)'}: {name}")
    say(f"Commit it with the plan, then:  segctl apply {file}")
    return 0
