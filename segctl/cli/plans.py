"""segctl plans list"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import typer

from segctl.cli.options import HERE, Chdir, Json, NoColor
from segctl.cli.session import opened
from segctl.cli.tabular import Csv, Sort, Wide, print_table

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from segctl.plan.policy import Given
    from segctl.view.plans import Saved

app = typer.Typer(help="List the saved plans.", rich_markup_mode=None, no_args_is_help=True)


@app.command("list", short_help="List the saved plans, the newest first.")
def list_(
    json: Json = False,
    csv: Csv = False,
    wide: Wide = False,
    sort: Sort = None,
    no_color: NoColor = False,
    chdir: Chdir = HERE,
) -> int:
    """List the plans in plans/: what each would change and move, what it lacks, and who approved it.

    Asks no database. A file that is no plan, or that was edited after segctl made it, is told on stderr.

    \b
    Examples:
      segctl plans list
      segctl plans list --wide
      segctl plans list --json
    """
    from segctl.model.policy import NO_POLICIES
    from segctl.view.plans import plans_table
    from segctl.workflow.approvals import given

    loaded = opened(chdir)
    policies = loaded.settings.policies if loaded.settings else NO_POLICIES
    rows = list(_saved(loaded.root, given(loaded.root, (), policies)))
    return print_table(plans_table(rows), json=json, csv=csv, wide=wide, sort=sort, no_color=no_color)


def _saved(root: Path, approvals: Sequence[Given]) -> Iterator[Saved]:
    from segctl.base.errors import Refused
    from segctl.cli.console import say
    from segctl.cli.planning import read_saved
    from segctl.plan.document import totals
    from segctl.plan.hazards import refused
    from segctl.plan.policy import of_intent
    from segctl.view.plans import Saved
    from segctl.view.safe import safe

    plans = []
    for file in (root / "plans").glob("*.json"):
        try:
            plans.append((file.relative_to(root), read_saved(file)))
        except Refused as refusal:
            say(safe(refusal.message))
    for file, plan in sorted(plans, key=lambda one: (one[1].as_of, one[0]), reverse=True):
        sums = totals(plan)
        yield Saved(
            file=str(file),
            as_of=datetime.fromisoformat(plan.as_of),
            environment=plan.environment,
            changes=len(plan.changes),
            joining=sums.joining,
            leaving=sums.leaving,
            hazards=len(refused(plan.hazards)),
            approvals=len(of_intent(plan, approvals)),
            needed=max((need.approvals for need in plan.needs), default=0),
            state=plan.serial,
            commit=plan.commit.id if plan.commit else None,
            id=plan.id,
        )
