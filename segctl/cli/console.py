"""Writing to the terminal: what is for people, what is for programs, and whether there is colour."""

from __future__ import annotations

import os
import sys

from segctl.view.style import ANSI, PLAIN, Style


def out(text: str) -> None:
    """A result, on stdout."""
    sys.stdout.write(text if text.endswith("\n") else f"{text}\n")


def say(text: str) -> None:
    """A word beside the result, on stderr."""
    sys.stderr.write(text if text.endswith("\n") else f"{text}\n")


def style(*, no_color: bool) -> Style:
    """Colour or not: `--no-color` over NO_COLOR over FORCE_COLOR over whether stdout is a terminal."""
    if no_color or os.environ.get("NO_COLOR"):
        return PLAIN
    if os.environ.get("FORCE_COLOR") or (sys.stdout.isatty() and os.environ.get("TERM") != "dumb"):
        return ANSI
    return PLAIN


def interactive() -> bool:
    """Can a question be asked?"""
    return sys.stdin.isatty() and sys.stdout.isatty()
