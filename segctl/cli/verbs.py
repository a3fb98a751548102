"""The command line itself: its verbs, and the one that runs. Only the module of that one is imported."""

from __future__ import annotations

import importlib
import os
from collections.abc import Sequence
from typing import Annotated, Any

import typer
from typer.core import TyperCommand

from segctl.cli.overview import HELP, VERBS
from segctl.version import VERSION

# Verbs whose names mean something else in Python, or to pytest.
_FUNCTIONS = {"list": "list_", "test": "run_tests", "import": "import_", "next": "next_"}
# and whose modules cannot be called as they are
_MODULES = {"import": "import_"}


def command(arguments: Sequence[str]) -> Any:
    """The command line with the one verb that runs; the others stand in its help by their line alone."""
    app = typer.Typer(
        help=HELP,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    app.callback(invoke_without_command=True)(_bare)
    verb = _verb(arguments)
    if verb is not None:
        _add(app, verb, VERBS[verb])
    group: Any = typer.main.get_command(app)
    known = group.commands
    group.commands = {name: known.get(name) or TyperCommand(name, short_help=line) for name, line in VERBS.items()}
    return group


def _verb(arguments: Sequence[str]) -> str | None:
    """The verb of a command line, or of the one that a shell asks to complete."""
    words = os.environ.get("_TYPER_COMPLETE_ARGS") or os.environ.get("COMP_WORDS")
    if "_SEGCTL_COMPLETE" in os.environ and words:
        arguments = words.split()[1:]
    return next((word for word in arguments if word in VERBS), None)


def _add(app: typer.Typer, name: str, line: str) -> None:
    module = importlib.import_module(f"segctl.cli.{_MODULES.get(name, name.replace('-', '_'))}")
    group = getattr(module, "app", None)
    if group is not None:
        app.add_typer(group, name=name, help=line)
    else:
        app.command(name, short_help=line)(getattr(module, _FUNCTIONS.get(name, name.replace("-", "_"))))


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"segctl {VERSION}")
        raise typer.Exit


Version = Annotated[
    bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version.")
]


def _bare(context: typer.Context, version: Version = False) -> None:
    """Runs without a verb. `version` has ended the command before it comes here."""
    del version
    if context.invoked_subcommand is None:
        from segctl.cli.bare import status

        status()
