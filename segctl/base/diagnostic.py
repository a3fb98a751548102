"""A mistake in a file, as a value: collected, sorted and shown, never raised."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from segctl.base.codes import CODES, Severity
from segctl.base.span import Span


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One mistake. `detail` says what disagrees, each line of `help` says a way out."""

    code: str
    span: Span
    detail: str
    help: tuple[str, ...] = ()

    @property
    def severity(self) -> Severity:
        return CODES[self.code].severity

    @property
    def summary(self) -> str:
        """The sentence of the code; it holds nothing that a user wrote."""
        return CODES[self.code].summary


def in_reading_order(diagnostics: Iterable[Diagnostic]) -> list[Diagnostic]:
    """By file, line, column, code; the same mistake at the same place is kept once."""
    return sorted(dict.fromkeys(diagnostics), key=lambda d: (d.span, d.code, d.detail))
