"""segctl rollback"""

from __future__ import annotations

from typing import Annotated

import typer

from segctl.cli.options import HERE, Chdir, Env
from segctl.cli.session import context_of, opened


def rollback(
    name: Annotated[str, typer.Argument(help="A segment, or an address such as rule.NAME.")],
    to: Annotated[int, typer.Option("--to", help="The version to go back to.", min=1, show_default=False)],
    force: Annotated[bool, typer.Option("--force", help="Write over edits that are not deployed.")] = False,
    env: Env = None,
    chdir: Chdir = HERE,
) -> int:
    """Write the file of an earlier version, in the place of the present one. Nothing is deployed.

    The state does not keep comments, so the document loses its own; other documents of the file stay. A plan shows
    what going back would do, and apply makes a new version of it.

    \b
    Examples:
      segctl rollback vip --to 3
      segctl rollback rule.active-depositor --to 1 --force
    """
    from segctl.cli.console import out
    from segctl.view.restored import restored_text
    from segctl.view.safe import safe
    from segctl.workflow.rollback import rollback as rolled_back

    loaded = opened(chdir)
    done = rolled_back(context_of(loaded, env), loaded, name, to, force=force)
    if not done.written:
        out(f"{safe(done.file)} says what version {done.version} says. Nothing was written.")
        return 0
    told = f"{done.address} as it was in version {done.version}"
    symbol = "~" if done.replaced else "+"
    also = f"Comments of the document are gone; to see them: git diff {done.file}" if done.replaced else ""
    out(restored_text(symbol, done.file, told, side=done.side, lost=done.lost, also=also))
    return 0
