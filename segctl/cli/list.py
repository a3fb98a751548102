"""segctl list"""

from __future__ import annotations

from typing import Annotated

import typer

from segctl.cli.options import HERE, Chdir, Env, Json, NoColor
from segctl.cli.session import context_of, opened
from segctl.cli.tabular import Csv, Sort, Wide, print_table

Tag = Annotated[list[str] | None, typer.Option("--tag", help="Only segments with this tag; may be repeated.")]
Type = Annotated[str | None, typer.Option("--type", help="Only segments of this type.")]


def list_(
    tag: Tag = None,
    type_: Type = None,
    archived: Annotated[bool, typer.Option("--archived", help="Archived segments too.")] = False,
    json: Json = False,
    csv: Csv = False,
    wide: Wide = False,
    sort: Sort = None,
    env: Env = None,
    no_color: NoColor = False,
    chdir: Chdir = HERE,
) -> int:
    """List the deployed segments with their players.

    \b
    Examples:
      segctl list --tag reactivation
      segctl list --type static --sort -players
      segctl list --json
    """
    from segctl.view.listing import Listed, segments_table
    from segctl.workflow.listing import listing

    found = listing(context_of(opened(chdir), env), tags=tag or (), type_=type_, archived=archived)
    rows = [
        Listed(
            one.name, one.title, one.type, one.count, one.tags, one.owner, one.updated_at, one.status == "archived"
        )
        for one in found
    ]
    empty = "No segments match." if tag or type_ else "No segments are deployed.  (segctl apply)"
    return print_table(
        segments_table(rows, empty=empty), json=json, csv=csv, wide=wide, sort=sort, no_color=no_color
    )
