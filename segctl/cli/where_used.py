"""segctl where-used"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from segctl.cli.options import HERE, Chdir, Env, Json, NoColor
from segctl.cli.session import context_of, opened

if TYPE_CHECKING:
    from pathlib import Path

    from segctl.workflow.uses import Uses

OfDeployed = Annotated[bool, typer.Option("--deployed", help="Ask the state instead of the files.")]


def where_used(
    name: Annotated[
        str, typer.Argument(help="A segment, rule, list, guard, field or event, or its address: rule.NAME.")
    ],
    deployed: OfDeployed = False,
    json: Json = False,
    env: Env = None,
    no_color: NoColor = False,
    chdir: Chdir = HERE,
) -> int:
    """Show who uses a segment, rule, list, guard, field or event, with file and line.

    First who names it, then who uses it through others: the segments that would move with it. Addresses are
    segment.NAME, rule.NAME, list.NAME, guard.PURPOSE, field.NAME and event.NAME.

    \b
    Examples:
      segctl where-used bonus-abusers
      segctl where-used rule.active-depositor --json
      segctl where-used total_deposit_amount
      segctl where-used event.payments --deployed
    """
    from segctl.cli.console import out, style
    from segctl.view.uses import uses_json, uses_text
    from segctl.workflow.uses import where_used as used

    found = used(uses_of(chdir, env, deployed=deployed), name)
    if json:
        out(uses_json(found.address, found.users))
    else:
        out(uses_text(found.address, found.users, style=style(no_color=no_color)))
    return 0


def uses_of(chdir: Path, env: str | None, *, deployed: bool) -> Uses:
    """All uses, in the files or in the state. Raises: Mistakes, Refused."""
    from segctl.workflow.uses import declared_uses, deployed_uses

    loaded = opened(chdir)
    return deployed_uses(context_of(loaded, env)) if deployed else declared_uses(loaded)
