"""segctl explain"""

from __future__ import annotations

from typing import Annotated

import typer

from segctl.cli.options import HERE, Chdir, Env, Json, LockTimeout, NoColor, Quiet
from segctl.cli.session import LOCK_TIMEOUT_SECONDS, context_of, opened

At = Annotated[
    str | None,
    typer.Option(
        "--at",
        "--as-of",
        help="Look at this instant (2026-11-01T00:00:00Z) instead of now: events up to it, profiles as they are.",
    ),
]
Declared = Annotated[
    bool, typer.Option("--declared", help="By what the files say, also where something is deployed.")
]


def explain(
    segment: Annotated[str, typer.Argument(metavar="SEGMENT", help="The segment.")],
    player: Annotated[str, typer.Argument(metavar="PLAYER", help="The player's id, as the warehouse has it.")],
    at: At = None,
    declared: Declared = False,
    reveal: Annotated[
        bool,
        typer.Option("--reveal", help="Show personal values too. That you did is written to the audit log first."),
    ] = False,
    json: Json = False,
    env: Env = None,
    quiet: Quiet = False,
    lock_timeout: LockTimeout = LOCK_TIMEOUT_SECONDS,
    no_color: NoColor = False,
    chdir: Chdir = HERE,
) -> int:
    """Show why a player is in a segment or is not: each condition, what it saw, and what comes next.

    The facts are read from the warehouse. What is deployed decides; a segment that is not deployed yet is
    explained by its file. Values of fields with `pii: true` are masked.

    \b
    Examples:
      segctl explain vip p_8841
      segctl explain vip p_8841 --at 2026-11-01T00:00:00Z
      segctl explain vip p_8841 --declared      before you apply
      segctl explain vip p_8841 --reveal        writes to the audit log who looked
    """
    from segctl.cli.console import out, shows_symbols, style, terminal_width
    from segctl.cli.progress import watched
    from segctl.view.data import json_text
    from segctl.view.explanation import WIDTH, explanation_text
    from segctl.view.explanation_data import explanation_data
    from segctl.view.tree import ASCII_LINES, LINES
    from segctl.workflow.explain import explained
    from segctl.workflow.explain import reveal as write_down
    from segctl.workflow.show import speech

    loaded = opened(chdir)
    context = context_of(loaded, env, as_of=at)
    with watched(context, quiet=quiet) as watching:
        found = explained(watching, loaded, segment, player, declared=declared)
    if reveal:
        write_down(context_of(loaded, env, author=True, lock_timeout=lock_timeout), segment, player)
    if json:
        out(json_text(explanation_data(found, reveal=reveal)))
        return 0
    out(
        explanation_text(
            found,
            speech(found.catalog),
            reveal=reveal,
            lines=LINES if shows_symbols() else ASCII_LINES,
            width=min(terminal_width(WIDTH), 140),
            style=style(no_color=no_color),
        )
    )
    return 0
