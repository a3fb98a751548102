"""segctl import"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from segctl.base.errors import Refused
from segctl.cli.options import HERE, Chdir, Env, Json
from segctl.cli.session import context_of, opened


def import_(
    files: Annotated[
        list[str] | None,
        typer.Argument(
            help="Exports of other systems: CSV, JSON, JSON Lines. With --deployed: names.", show_default=False
        ),
    ] = None,
    deployed: Annotated[
        bool, typer.Option("--deployed", help="Write files for what is deployed and no file declares.")
    ] = False,
    folder: Annotated[
        Path | None, typer.Option("--into", metavar="FOLDER", help="A folder below segments/.", show_default=False)
    ] = None,
    purpose: Annotated[str | None, typer.Option("--purpose", help="The purpose of the new segments.")] = None,
    owner: Annotated[str | None, typer.Option("--owner", help="The owner of the new segments.")] = None,
    json: Json = False,
    env: Env = None,
    chdir: Chdir = HERE,
) -> int:
    """Write segments for lists of players from elsewhere, or files for what was deployed by other hands.

    A list is one id a line, or rows with a column that names the player and one that names the list, or JSON: ids,
    or lists by name. Each becomes a `players` segment; more than 20 ids stand in a side file. With --deployed,
    segments, rules and lists of the state that no file declares get their files, so that a plan changes nothing of
    them. All files are written, or none. Nothing is deployed.

    \b
    Examples:
      segctl import exports/vip-hosts.csv
      segctl import audiences.json --into segments/lists --owner vip-team
      segctl import --deployed
      segctl import --deployed summer-campaign --env production
    """
    from dataclasses import asdict

    from segctl.cli.console import out
    from segctl.view.data import json_text
    from segctl.view.imported import imported_text
    from segctl.workflow.importing import adopt, import_lists

    loaded = opened(chdir)
    context = context_of(loaded, env, author=True)
    below = None if folder is None else chdir / folder
    if deployed:
        found = adopt(context, loaded, files or [], folder=below)
    elif not files:
        raise Refused("Nothing was named to import.", "segctl import FILE, or segctl import --deployed")
    else:
        keys = {key: value for key, value in (("purpose", purpose), ("owner", owner)) if value}
        found = import_lists(context, loaded, [chdir / file for file in files], folder=below, keys=keys)
    out(json_text([asdict(one) for one in found]) if json else imported_text(found))
    return 0
