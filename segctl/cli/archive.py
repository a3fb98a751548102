"""segctl archive list, segctl archive show, segctl archive count, segctl archive recover"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from segctl.cli.options import HERE, Chdir, Env, Json, NoColor
from segctl.cli.session import context_of, opened
from segctl.cli.tabular import Csv, Sort, Wide, print_table

if TYPE_CHECKING:
    from segctl.view.archive import Ended
    from segctl.workflow.archive import Archived

app = typer.Typer(
    help="List, show, count and recover what is archived.", rich_markup_mode=None, no_args_is_help=True
)
Name = Annotated[str, typer.Argument(help="The archived segment, or an address such as rule.NAME.")]


@app.command("list", short_help="List what is archived, the last one first.")
def list_(
    json: Json = False,
    csv: Csv = False,
    wide: Wide = False,
    sort: Sort = None,
    env: Env = None,
    no_color: NoColor = False,
    chdir: Chdir = HERE,
) -> int:
    """List what is archived: since when, by whom, and how many members a segment had then.

    What is removed from the files is archived by the next apply: its members leave, its versions and its history
    stay.

    \b
    Examples:
      segctl archive list
      segctl archive list --sort -members --json
    """
    from segctl.view.archive import archive_table
    from segctl.workflow.archive import archived

    rows = map(_ended, archived(context_of(opened(chdir), env)))
    return print_table(archive_table(rows), json=json, csv=csv, wide=wide, sort=sort, no_color=no_color)


@app.command("show", short_help="Show what an archived object was, and its end.")
def show(name: Name, json: Json = False, env: Env = None, no_color: NoColor = False, chdir: Chdir = HERE) -> int:
    """Show what an archived object was: its last definition, its versions, when and by whom it ended.

    \b
    Examples:
      segctl archive show old-newsletter
      segctl archive show rule.active-depositor --json
    """
    from segctl.cli.console import out, style
    from segctl.view.archive import ended_data, ended_text
    from segctl.view.data import json_text
    from segctl.view.segment import segment_text
    from segctl.view.shared import shared_text
    from segctl.workflow.archive import archived_one
    from segctl.workflow.show import page, page_data, shared, shared_page, shown

    loaded = opened(chdir)
    context = context_of(loaded, env)
    found = archived_one(context, name)
    one, ended = found.object, _ended(found)
    seen = shown(context, one.name) if one.kind == "segment" else shared(context, one.address)
    if json:
        out(json_text({**page_data(seen), "archived": ended_data(ended)}))
        return 0
    painted = style(no_color=no_color)
    told = (
        segment_text(page(seen, loaded), style=painted)
        if one.kind == "segment"
        else shared_text(shared_page(seen), style=painted)
    )
    out(told + ended_text(ended))
    return 0


@app.command("count", short_help="Count what is archived, or the players of one segment at its end.")
def count(
    name: Annotated[
        str | None, typer.Argument(help="Instead: the players of this segment.", show_default=False)
    ] = None,
    json: Json = False,
    env: Env = None,
    chdir: Chdir = HERE,
) -> int:
    """Count the archived objects; with a name, the players whom the segment held when it was archived.

    \b
    Examples:
      segctl archive count
      segctl archive count old-newsletter
      segctl archive count --json
    """
    from segctl.base.errors import Refused
    from segctl.cli.console import out
    from segctl.view.data import json_text
    from segctl.workflow.archive import archived, archived_one

    context = context_of(opened(chdir), env)
    if name is not None:
        members = archived_one(context, name).members
        if members is None:
            raise Refused(
                f"`{name}` is no segment, so it has no players.", "How many are archived: segctl archive count"
            )
        out(json_text({"name": name, "members": members}) if json else str(members))
        return 0
    found = [one.object.kind for one in archived(context)]
    numbers = {kind: found.count(kind) for kind in sorted(set(found))}
    out(json_text({"archived": len(found), "kinds": numbers}) if json else str(len(found)))
    return 0


@app.command("recover", short_help="Write the file of an archived object again.")
def recover(
    name: Name,
    saved_to: Annotated[
        Path | None,
        typer.Option(
            "--out", "-o", help="Write to this file; segments/NAME.yaml if left out.", show_default=False
        ),
    ] = None,
    env: Env = None,
    chdir: Chdir = HERE,
) -> int:
    """Write the file of an archived segment, rule or list again, from its last definition. Nothing is deployed.

    Comments are not kept by the state. Personal values and lists of players are put back as far as they are kept;
    what is not stands empty in the file, so that validate finds it. The next apply recovers the object.

    \b
    Examples:
      segctl archive recover old-newsletter
      segctl archive recover old-newsletter -o segments/crm/old-newsletter.yaml
    """
    from segctl.cli.console import out
    from segctl.view.restored import restored_text
    from segctl.workflow.archive import recover as recovered

    loaded = opened(chdir)
    done = recovered(context_of(loaded, env), loaded, name, saved_to)
    told = f"{done.address} as it was in version {done.version}"
    out(restored_text("+", done.file, told, side=done.side, lost=done.lost))
    return 0


def _ended(found: Archived) -> Ended:
    from segctl.view.archive import Ended

    one, end = found.object, found.end
    return Ended(one.kind, one.name, one.title, end.at, end.author, found.members, end.commit_id, end.plan_id)
