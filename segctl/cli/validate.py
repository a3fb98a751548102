"""segctl validate"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from segctl.cli.options import HERE, Chdir, Json, NoColor
from segctl.cli.session import opened


class Format(StrEnum):
    """How diagnostics are printed."""

    text = "text"
    json = "json"
    github = "github"
    sarif = "sarif"


def validate(
    format_: Annotated[
        Format, typer.Option("--format", help="text, json, github (annotations in CI), or sarif.")
    ] = Format.text,
    json: Json = False,
    no_color: NoColor = False,
    chdir: Chdir = HERE,
) -> int:
    """Check every file of the project and show all mistakes at once.

    Reads segctl.yaml and everything below segments/; asks no database. Exit code 1 if there is any error.

    \b
    Examples:
      segctl validate
      segctl validate --format github     annotate a pull request
      segctl validate --format sarif > segctl.sarif
      segctl docs SEG101                  explain a code
    """
    from segctl.cli.mistakes import shown

    loaded = opened(chdir, tests=True)
    files = len(loaded.sources)
    return shown(
        loaded.diagnostics, loaded.texts, files, Format.json if json else format_, no_color=no_color, outcome=""
    )
