"""The two exceptions that are part of segctl's language: a run that must stop, and files that stop it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping

from segctl.base.diagnostic import Diagnostic

# Names of files → their texts.
Texts = Callable[[Collection[str]], Mapping[str, str]]


class Refused(Exception):  # noqa: N818 - a refusal is an answer, not an error of the program
    """Stops a run on purpose. `help` names the commands or steps that mend it, one a line."""

    def __init__(self, message: str, *help_lines: str) -> None:
        super().__init__(message)
        self.message = message
        self.help = help_lines


class Mistakes(Exception):  # noqa: N818 - diagnostics, on their way to whoever shows them
    """A project that cannot be worked with. Holds what `segctl validate` would show of `files` files.

    `texts` gives the texts of the files that are named, as they may be shown.

    Not a frozen dataclass: what an exception passes through sets its traceback.
    """

    def __init__(self, diagnostics: tuple[Diagnostic, ...], texts: Texts, files: int) -> None:
        super().__init__()
        self.diagnostics = diagnostics
        self.texts = texts
        self.files = files
