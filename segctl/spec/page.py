"""One file being read: its name, and the mistakes found in it so far."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from segctl.base.diagnostic import Diagnostic
from segctl.base.span import Span
from segctl.spec.node import Node, Scalar, span
from segctl.spec.suggest import nearest

_ECHO = 40
_MOST_SUGGESTIONS = 50


@dataclass(slots=True)
class Page:
    """Collects what is wrong, so that reading goes on and an author sees everything at once."""

    file: str
    mistakes: list[Diagnostic] = field(default_factory=list)
    suggestions: int = 0

    def span(self, node: Node) -> Span:
        return span(self.file, node)

    def at(self, key: Scalar) -> Span:
        """Where a key stands; every rule of a project asks, so nothing else is looked at."""
        start, end = key.start, key.end
        return Span(self.file, start.line + 1, start.column + 1, end.line + 1, end.column + 1)

    def mistake(self, code: str, node: Node, detail: str, *help_lines: str) -> None:
        """Notes a mistake under `node`. Empty help lines are left out."""
        self.note(code, self.span(node), detail, *help_lines)

    def note(self, code: str, at: Span, detail: str, *help_lines: str) -> None:
        """Notes a mistake at a place that is not a node."""
        self.mistakes.append(Diagnostic(code, at, detail, tuple(line for line in help_lines if line)))

    def nearest(self, word: str, known: Iterable[str]) -> str | None:
        """The known word that was likely meant. Looked for a bounded number of times, since it is slow."""
        self.suggestions += 1
        if self.suggestions > _MOST_SUGGESTIONS or len(word) > _ECHO:
            return None
        return nearest(word, tuple(known))

    def did_you_mean(self, word: str, known: Iterable[str]) -> str:
        """A line of help, or nothing if no known word is near."""
        best = self.nearest(word, known)
        return f"Did you mean `{best}`?" if best else ""

    def start(self, code: str, detail: str, *help_lines: str) -> None:
        """Notes a mistake of the whole file."""
        self.note(code, Span(self.file, 1, 1, 1, 2), detail, *help_lines)


def shown(text: str) -> str:
    """A text as a message may repeat it: on one line, in backticks, cut when long."""
    line = text.replace("\n", "\\n").replace("\r", "\\r").replace("\t", "\\t").replace("`", "'")
    return f"`{line}`" if len(line) <= _ECHO else f"`{line[:_ECHO]}…`"
