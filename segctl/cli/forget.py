"""segctl forget"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from segctl.base.errors import Refused
from segctl.cli.options import HERE, Chdir, Env, Json, LockTimeout
from segctl.cli.session import LOCK_TIMEOUT_SECONDS, context_of, opened

Player = Annotated[str, typer.Argument(metavar="PLAYER", help="The player's id, as the warehouse has it.")]
Reason = Annotated[
    str,
    typer.Option("--reason", help="Why: a ticket, say. Kept in the audit log, so it must not name the player."),
]
Out = Annotated[
    Path | None,
    typer.Option(
        "--out", "-o", help="Write the certificate here instead of forget-DIGEST.json.", show_default=False
    ),
]
AutoApprove = Annotated[bool, typer.Option("--auto-approve", help="Do not ask before forgetting.")]


def forget(
    player: Player,
    reason: Reason = "",
    out: Out = None,
    auto_approve: AutoApprove = False,
    json: Json = False,
    env: Env = None,
    lock_timeout: LockTimeout = LOCK_TIMEOUT_SECONDS,
    chdir: Chdir = HERE,
) -> int:
    """Forget a player: take the id out of members, history, lists and dictionary, for ever.

    Counts and the audit log stay valid. What kept the player out goes on to do so, by a keyed hash of the id.
    Lines of files that still name the player are listed, and a certificate is written that says what was removed
    and what remains to be done by hand. Run again, it clears the state's file again and tells what remains now.

    \b
    Examples:
      segctl forget p_8841
      segctl forget p_8841 --reason CS-4411 -o erasure/cs-4411.json
      segctl forget p_8841 --auto-approve --json
    """
    from segctl.cli.console import out as print_out
    from segctl.cli.console import say
    from segctl.files.atomic import write_text
    from segctl.view.data import json_text
    from segctl.view.erasure import certificate_data, erasure_text, question_text
    from segctl.workflow.forget import forget as forgotten
    from segctl.workflow.forget import sought

    loaded = opened(chdir)
    context = context_of(loaded, env, author=True, lock_timeout=lock_timeout)
    if out is not None and out.is_dir():
        raise Refused(f"{out} is a folder.", f"Name a file in it: -o {out / 'certificate.json'}")
    found, left = sought(context, loaded, player)
    if not auto_approve:
        _ask(question_text(context.environment, found.removed, found.exclusions, left), json=json)
    done = forgotten(context, loaded, player, reason)
    path = out or Path(f"forget-{done.player[:12]}.json")
    certificate = certificate_data(done)
    write_text(path, json_text(certificate))
    if json:
        print_out(json_text(certificate))
        say(f"The certificate lies in {path}.")
    else:
        print_out(erasure_text(done, str(path)))
    return 0


def _ask(question: str, *, json: bool) -> None:
    """Goes on only after `yes`. Raises: Refused where nobody can answer, Exit after any other answer."""
    from segctl.cli.console import interactive, say

    if json or not interactive():
        raise Refused(
            "Nobody is here to answer, so nobody was forgotten.",
            "To do it without a question: segctl forget PLAYER --auto-approve",
        )
    say(question)
    if typer.prompt("Forget this player? Only `yes` does", default="", show_default=False).strip() != "yes":
        typer.echo("Nobody was forgotten.", err=True)
        raise typer.Exit(1)
