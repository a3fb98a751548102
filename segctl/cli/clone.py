"""segctl clone"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from segctl.cli.options import HERE, Chdir, Env
from segctl.cli.session import context_of, opened

if TYPE_CHECKING:
    from segctl.workflow.load import Loaded


def clone(
    name: Annotated[str, typer.Argument(help="The segment to copy.")],
    new: Annotated[str, typer.Argument(help="The name of the copy.")],
    title: Annotated[
        str | None,
        typer.Option(
            help="The title of the copy; that of the original with `(copy)` if left out.", show_default=False
        ),
    ] = None,
    env: Env = None,
    chdir: Chdir = HERE,
) -> int:
    """Copy a segment's document into a draft beside it, with its comments. Nothing is deployed.

    The copy is not protected, and was not renamed from anything.

    \b
    Examples:
      segctl clone vip vip-weekend
      segctl clone vip vip-weekend --title "VIPs of the weekend"
    """
    from segctl.cli.console import out
    from segctl.view.safe import safe
    from segctl.workflow.clone import clone as cloned

    loaded = opened(chdir)
    draft = cloned(loaded, name, new, title, lambda: _known(loaded, env))
    out(
        f"  + {safe(draft.file)}   a copy of {safe(name)}, from {safe(draft.source)}\n\n"
        "A draft: nothing is deployed. Edit it, then\n"
        "  segctl validate\n"
        "  segctl plan"
    )
    return 0


def _known(loaded: Loaded, env: str | None) -> frozenset[str]:
    """What the state knows. Where no state can be asked, as before the first apply, it is nothing."""
    from segctl.base.errors import Mistakes, Refused
    from segctl.workflow.clone import known_names

    try:
        return known_names(context_of(loaded, env))
    except (Mistakes, Refused):
        if env is not None:
            raise
        return frozenset()
