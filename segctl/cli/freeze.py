"""segctl freeze"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from segctl.cli.options import HERE, Chdir, Env
from segctl.cli.session import context_of, opened


def freeze(
    name: Annotated[str, typer.Argument(help="The segment whose members are kept.")],
    new: Annotated[str, typer.Argument(help="The name of the new segment.")],
    saved_to: Annotated[
        Path | None,
        typer.Option("--out", "-o", help="The file; beside the original if left out.", show_default=False),
    ] = None,
    env: Env = None,
    chdir: Chdir = HERE,
) -> int:
    """Write the members that a segment has now as a `players` segment of its own. Nothing is deployed.

    The draft says where they come from: segment, state, version, when and by whom. It keeps purpose and scope, so
    that the same guards hold. Many ids stand in a side file beside it.

    \b
    Examples:
      segctl freeze vip vip-march
      segctl freeze vip vip-march -o segments/lists/vip-march.yaml
    """
    from segctl.cli.console import out
    from segctl.view.figures import counted, moment
    from segctl.view.safe import safe
    from segctl.workflow.freeze import freeze as frozen

    loaded = opened(chdir)
    done = frozen(context_of(loaded, env, author=True), loaded, name, new, saved_to)
    members = f"{counted(done.members, 'member')} of {safe(name)} as of {moment(done.as_of)}"
    side = f"  + {safe(done.side)}   their ids\n" if done.side else ""
    out(
        f"  + {safe(done.file)}   {members}\n{side}\n"
        "Player ids stand in it. What is committed, git keeps: think of it before you do.\n"
        "Nothing is deployed. To see what it would do:  segctl plan"
    )
    return 0
