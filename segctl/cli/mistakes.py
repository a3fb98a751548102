"""Diagnostics on the terminal, in the form that was asked for."""

from __future__ import annotations

from collections.abc import Sequence

from segctl.base.diagnostic import Diagnostic
from segctl.base.errors import Texts
from segctl.cli.console import out, say, style
from segctl.view.diagnostics import Checked, diagnostics_text, last_line
from segctl.view.diagnostics_data import diagnostics_github, diagnostics_json


def shown(
    diagnostics: Sequence[Diagnostic],
    texts: Texts,
    files: int,
    form: str,
    *,
    no_color: bool,
    outcome: str,
) -> int:
    """Prints them and gives the exit code: 1 if any is an error."""
    checked = Checked(files, outcome)
    failed = any(one.severity == "error" for one in diagnostics)
    match form:
        case "json":
            out(diagnostics_json(diagnostics, files))
        case "github":
            out(diagnostics_github(diagnostics))
            say(last_line(diagnostics, checked))
        case "sarif":
            from segctl.version import VERSION
            from segctl.view.sarif import diagnostics_sarif

            out(diagnostics_sarif(diagnostics, VERSION))
            say(last_line(diagnostics, checked))
        case _:
            lines = texts({one.span.file for one in diagnostics})
            text = diagnostics_text(diagnostics, lines, checked, style=style(no_color=no_color))
            (say if outcome and failed else out)(text)
    return 1 if failed else 0
