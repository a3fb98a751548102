"""The verbs, and the help of the whole command line. Needs no library: Typer alone takes longer than all of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

# Verb → its one line of help.
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
    "deliver": "Send who joined and left to the webhooks of segments.",
    "webhooks": "List, disable, enable and try webhooks; replay what did not arrive.",
    "run": "Keep an environment going: refresh by schedule, deliver, answer monitors.",
    "status": "Show what is late, and why.",
    "publish": "Bring your own tables of members up to the state.",
    "list": "List the deployed segments.",
    "show": "Show a segment, or a saved plan.",
    "members": "List the members of a segment.",
    "stats": "Show a segment's size over time, who joined and left, and why.",
    "churn": "Show how long members stay, by when they joined.",
    "overlap": "Show how many players segments have in common.",
    "insights": "Show what segments are worth, side by side, from the warehouse.",
    "export": "Write the members of segments into a file: CSV, JSON lines or Parquet.",
    "player": "Show a player's page: segments, and each move with its cause.",
    "explain": "Show why a player is in a segment or is not.",
    "attrition": "Show how many players are left after each condition.",
    "cost": "Show what a segment adds to a run.",
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
HELP = """Terraform for player segments: YAML in git, a plan of who joins and leaves, an apply that does it.

\b
First steps:
  segctl demo          try it on a made-up casino
  segctl init          start a project for your own database
  segctl plan          see what your edits would do, to how many players
"""
_OPTIONS = {
    "--version": "Print the version.",
    "--install-completion": "Install completion for the current shell.",
    "--show-completion": "Show completion for the current shell, to copy it or customize the installation.",
    "-h, --help": "Show this message and exit.",
}
_LEAST, _MOST = 50, 78
_INDENT = "  "


def overview(columns: int) -> str:
    """What `segctl --help` says on a terminal so wide, to the letter as Typer would (tests/cli/test_help.py)."""
    width = max(min(columns - 2, _MOST), _LEAST)
    first, _, steps = HELP.partition("\n\n\b\n")
    return "\n".join(
        (
            "Usage: segctl [OPTIONS] COMMAND [ARGS]...",
            "",
            *(_INDENT + line for line in _wrapped(first, width - len(_INDENT))),
            "",
            *(f"{_INDENT}{line}" for line in steps.rstrip().split("\n")),
            "",
            "Options:",
            *_listed(_OPTIONS, width),
            "",
            "Commands:",
            *_listed(VERBS, width),
            "",
        )
    )


def _listed(rows: Mapping[str, str], width: int) -> Iterator[str]:
    column = max(map(len, rows)) + len(_INDENT)
    for name, text in rows.items():
        line, *more = _wrapped(text, width - column - len(_INDENT))
        yield f"{_INDENT}{name:<{column}}{line}"
        yield from (" " * (column + len(_INDENT)) + one for one in more)


def _wrapped(text: str, width: int) -> list[str]:
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".lstrip()
        if len(longer) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines
