"""segctl list"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from segctl.cli.options import HERE, Chdir, Env, Json, NoColor
from segctl.cli.session import context_of, opened
from segctl.cli.tabular import Csv, Sort, Wide, print_table

if TYPE_CHECKING:
    from segctl.view.listing import Listed
    from segctl.workflow.context import Context
    from segctl.workflow.listing import Item

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
    """List the deployed segments with their players, and how stale they are where a `schedule` is stated.

    \b
    Examples:
      segctl list --tag reactivation
      segctl list --type static --sort -players
      segctl list --sort -stale_seconds
      segctl list --json
    """
    from segctl.view.listing import segments_table
    from segctl.workflow.listing import listing

    context = context_of(opened(chdir), env)
    found = listing(context, tags=tag or (), type_=type_, archived=archived)
    rows = [_listed(one, context) for one in found]
    empty = "No segments match." if tag or type_ else "No segments are deployed.  (segctl apply)"
    return print_table(
        segments_table(rows, empty=empty), json=json, csv=csv, wide=wide, sort=sort, no_color=no_color
    )


def _listed(item: Item, context: Context) -> Listed:
    from segctl.model.canonical_rule import duration_text
    from segctl.view.listing import Listed

    one, known = item.segment, item.staleness
    stale = None if known is None else known.stale(context.at)
    schedule = None if known is None else known.schedule
    return Listed(
        one.name,
        one.title,
        one.type,
        one.count,
        one.tags,
        one.owner,
        one.updated_at,
        archived=one.status == "archived",
        stale_seconds=None if stale is None else int(stale.total_seconds()),
        schedule=None if schedule is None else duration_text(schedule),
        late=None if known is None or schedule is None else known.late(context.at, context.clock.zone) is not None,
    )
