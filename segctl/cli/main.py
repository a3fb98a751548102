"""The door: finds the verb, runs it, and turns what it raises into words and an exit code.

Exit codes: 0 done, 1 a mistake, a refusal or wrong usage, 2 changes (only where `--detailed-exitcode` asks),
3 a bug of segctl, 130 interrupted.
"""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Sequence

import typer

from segctl.version import VERSION

# Verb → its one line of help. Only the module of the verb that runs is imported, so that help stays fast.
VERBS: dict[str, str] = {
    "init": "Start a project for your own player database.",
    "demo": "Make a demo warehouse and walk through validate, plan, apply and list.",
    "validate": "Check every file and show all mistakes at once.",
    "plan": "Show what would change, and which players would join and leave.",
    "apply": "Make a plan real, in one transaction.",
    "refresh": "Evaluate all deployed segments now and record who joined and left.",
    "list": "List the deployed segments.",
    "show": "Show a segment, or a saved plan.",
    "members": "List the members of a segment.",
    "player": "Show the segments a player is in.",
    "history": "Show who joined and left, when and why.",
    "audit": "Read and verify the audit log.",
    "docs": "Explain a diagnostic code.",
}
HELP = """Terraform for player segments: YAML in git, a plan of who joins and leaves, an apply that does it.

\b
First steps:
  segctl demo          try it on a made-up casino
  segctl init          start a project for your own database
  segctl plan          see what your edits would do, to how many players
"""


def main() -> None:
    """The console script."""
    sys.exit(run(sys.argv[1:]))


def run(arguments: Sequence[str]) -> int:
    """Runs one command line and gives its exit code."""
    from segctl.cli.door import guarded

    app = _app(_verb(arguments))
    return guarded(lambda: app(list(arguments), prog_name="segctl", standalone_mode=False), arguments)


def _verb(arguments: Sequence[str]) -> str | None:
    """The verb of a command line, or of the one that a shell asks to complete."""
    words = os.environ.get("_TYPER_COMPLETE_ARGS") or os.environ.get("COMP_WORDS")
    if "_SEGCTL_COMPLETE" in os.environ and words:
        arguments = words.split()[1:]
    return next((word for word in arguments if word in VERBS), None)


def _app(verb: str | None) -> typer.Typer:
    app = typer.Typer(
        help=HELP,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    app.callback(invoke_without_command=True)(_bare)
    for name, line in VERBS.items():
        if name == verb:
            _add(app, name, line)
        else:
            app.command(name, help=line)(_elsewhere)
    return app


def _add(app: typer.Typer, name: str, line: str) -> None:
    module = importlib.import_module(f"segctl.cli.{name}")
    group = getattr(module, "app", None)
    if group is not None:
        app.add_typer(group, name=name, help=line)
    else:
        app.command(name, short_help=line)(getattr(module, name if name != "list" else "list_"))


def _elsewhere() -> None:
    """Stands in the help for a verb that does not run."""


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"segctl {VERSION}")
        raise typer.Exit


def _bare(
    context: typer.Context,
    _version: bool = typer.Option(False, "--version", callback=_version, is_eager=True, help="Print the version."),
) -> int | None:
    if context.invoked_subcommand is not None:
        return None
    from segctl.cli.status import status

    status()
    return 0
