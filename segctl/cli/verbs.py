"""The command line itself: its verbs, their help, and the one that runs."""

from __future__ import annotations

import importlib
import os
from collections.abc import Sequence
from typing import Annotated, Any

import typer
from typer.core import TyperCommand

from segctl.version import VERSION

# Verb → its one line of help. Only the module of the verb that runs is imported, so that help stays fast.
VERBS: dict[str, str] = {
    "init": "Start a project for your own player database.",
    "demo": "Make a demo casino and walk through the first commands.",
    "validate": "Check every file and show all mistakes at once.",
    "test": "Run the segment tests: made-up players, and who is expected in and out.",
    "lint": "Find what is valid and probably not meant.",
    "plan": "Show what would change, and which players would join and leave.",
    "promote": "Plan for one environment what another one has tried.",
    "plans": "List the saved plans.",
    "approve": "Approve what a saved plan would do.",
    "review": "Comment on pull requests and merge requests.",
    "apply": "Make a plan real, in one transaction.",
    "refresh": "Evaluate all deployed segments now: who joined, who left.",
    "next": "Show when the clock alone next changes who is in.",
    "verify": "Compare all deployed members with a full evaluation.",
    "list": "List the deployed segments.",
    "show": "Show a segment, or a saved plan.",
    "members": "List the members of a segment.",
    "player": "Show the segments a player is in.",
    "explain": "Show why a player is in a segment or is not.",
    "attrition": "Show how many players are left after each condition.",
    "history": "Show who joined and left, when and why.",
    "forget": "Forget a player, and write a certificate of what was removed.",
    "log": "Show the story of a segment: commits, versions, audit log.",
    "versions": "List the versions of a segment, and what differs between them.",
    "blame": "Show which apply brought each condition.",
    "rollback": "Write the file of an earlier version.",
    "archive": "List, show, count and recover what is archived.",
    "where-used": "Show who uses a segment, rule, list, guard, field or event.",
    "graph": "Draw who uses whom, for Mermaid or Graphviz.",
    "catalog": "List, explain, check and infer the fields of the catalog.",
    "audit": "Read, verify, anchor, export the audit log.",
    "db": "Make, bring up, measure and move the state's database.",
    "fmt": "Write documents in their one form: order of keys, indentation.",
    "clone": "Copy a segment into a draft file of its own.",
    "import": "Write segments for lists of players from elsewhere.",
    "freeze": "Keep the present members of a segment as a list of their own.",
    "schema": "Write the JSON Schema that editors complete from.",
    "docs": "Explain a diagnostic code.",
}
# Verbs whose names mean something else in Python, or to pytest.
_FUNCTIONS = {"list": "list_", "test": "run_tests", "import": "import_", "next": "next_"}
# and whose modules cannot be called as they are
_MODULES = {"import": "import_"}
HELP = """Terraform for player segments: YAML in git, a plan of who joins and leaves, an apply that does it.

\b
First steps:
  segctl demo          try it on a made-up casino
  segctl init          start a project for your own database
  segctl plan          see what your edits would do, to how many players
"""


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
        from segctl.cli.status import status

        status()
