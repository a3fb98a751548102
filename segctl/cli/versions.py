"""segctl versions"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from segctl.cli.options import HERE, Chdir, Env, Json, NoColor
from segctl.cli.session import context_of, opened
from segctl.cli.tabular import Csv, Wide, print_table

if TYPE_CHECKING:
    from segctl.workflow.context import Context


def versions(
    name: Annotated[str, typer.Argument(help="A segment, deployed or archived, or an address such as rule.NAME.")],
    diff: Annotated[
        str | None,
        typer.Option("--diff", help="What version 2 changed (2), or all between two (1:3).", show_default=False),
    ] = None,
    json: Json = False,
    csv: Csv = False,
    wide: Wide = False,
    env: Env = None,
    no_color: NoColor = False,
    chdir: Chdir = HERE,
) -> int:
    """List the versions of a segment, rule, list, guard or catalog, newest first; or what differs between two.

    \b
    Examples:
      segctl versions vip
      segctl versions vip --diff 3
      segctl versions rule.active-depositor --diff 1:4 --json
    """
    from segctl.view.versions import Step, versions_table
    from segctl.workflow.versions import versions_of

    context = context_of(opened(chdir), env)
    if diff is not None:
        return _compared(context, name, diff, json=json, no_color=no_color)
    one, found, dirty = versions_of(context, name)
    steps = [
        Step(
            each.version,
            each.at,
            each.action,
            each.address.partition(".")[2],
            each.author,
            each.serial,
            each.commit_id,
            each.serial in dirty,
            each.plan_id,
            each.digest,
        )
        for each in found
    ]
    table = versions_table(steps, address=one.address)
    return print_table(table, json=json, csv=csv, wide=wide, no_color=no_color)


def _compared(context: Context, name: str, span: str, *, json: bool, no_color: bool) -> int:
    from dataclasses import asdict

    from segctl.cli.console import out, style
    from segctl.view.data import json_text
    from segctl.view.versions import compared_text
    from segctl.workflow.versions import compared

    found = compared(context, name, span)
    change, old = found.change, None if found.old is None else found.old.version
    if json:
        out(
            json_text(
                {
                    "address": change.address,
                    "from": old,
                    "to": found.new.version,
                    "keys": list(change.keys),
                    "before": change.before,
                    "after": change.after,
                    "rules": [asdict(one) for one in change.rules],
                }
            )
        )
        return 0
    heading = f"{change.address} · version {'' if old is None else f'{old} → '}{found.new.version}"
    out(compared_text(change, heading, found.speech, style=style(no_color=no_color)))
    return 0
