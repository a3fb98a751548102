"""Writing to the terminal: what is for people, what is for programs, and whether there is colour."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from segctl.base.errors import Refused
from segctl.cli.here import next_here
from segctl.view.style import ANSI, PLAIN, Style


class NobodyReadsError(Exception):
    """Who read the output has gone, as `| head` does. Typer takes a BrokenPipeError for a failure; it is none."""


def out(text: str) -> None:
    """A result, on stdout. Raises: Refused, NobodyReadsError."""
    text = next_here(text)
    with _written():
        sys.stdout.write(text if text.endswith("\n") else f"{text}\n")


def flush() -> None:
    """Whatever was said is out. Raises: Refused, NobodyReadsError."""
    with _written():
        sys.stdout.flush()


def discard() -> None:
    """Nobody reads on: what is left in the buffer must not fail once more when Python ends."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


@contextmanager
def _written() -> Iterator[None]:
    try:
        yield
    except BrokenPipeError:
        discard()
        raise NobodyReadsError from None
    except OSError as error:
        discard()
        raise Refused(
            f"The output cannot be written: {error.strerror}.", "Make room, or write to another place."
        ) from error


def say(text: str) -> None:
    """A word beside the result, on stderr."""
    text = next_here(text)
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


def terminal_width(least: int) -> int:
    """How wide a table may be: as the terminal, and never less than `least`, which is what a pipe gets."""
    return max(least, shutil.get_terminal_size((least, 24)).columns) if sys.stdout.isatty() else least


def shows_symbols() -> bool:
    """Can stdout write more than ASCII?"""
    return (sys.stdout.encoding or "").lower().replace("-", "").startswith("utf")
