"""The one exception that is part of segctl's language: a run that must stop."""

from __future__ import annotations


class Refused(Exception):  # noqa: N818 - a refusal is an answer, not an error of the program
    """Stops a run on purpose. `help` names the commands or steps that mend it, one a line."""

    def __init__(self, message: str, *help_lines: str) -> None:
        super().__init__(message)
        self.message = message
        self.help = help_lines
