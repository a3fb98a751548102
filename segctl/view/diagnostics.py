"""Mistakes in files, as a person reads them: what is wrong, where, and how to mend it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from segctl.base.diagnostic import Diagnostic, in_reading_order
from segctl.view.excerpt import excerpt, lines_of
from segctl.view.figures import count, counted
from segctl.view.safe import safe
from segctl.view.style import PLAIN, Style, painted
from segctl.view.width import wrapped

WIDTH = 100


@dataclass(frozen=True, slots=True)
class Checked:
    """What was looked at: how many files, and what did not happen because of the mistakes."""

    files: int
    outcome: str = ""


def diagnostics_text(
    diagnostics: Iterable[Diagnostic],
    sources: Mapping[str, str],
    checked: Checked,
    *,
    style: Style = PLAIN,
    width: int = WIDTH,
) -> str:
    """Every mistake with the lines it stands in, and a last line that counts them.

    `sources` holds the text of files by name; of one that is missing, only the place is shown.
    """
    found = in_reading_order(diagnostics)
    lines = {file: lines_of(sources[file]) for file in {one.span.file for one in found} & sources.keys()}
    blocks = [_block(one, lines.get(one.span.file, ()), style, width) for one in found]
    return "\n\n".join([*blocks, last_line(found, checked)]) + "\n"


def last_line(diagnostics: Sequence[Diagnostic], checked: Checked) -> str:
    """How many mistakes, in how many files, what that means, and what to type."""
    if not diagnostics:
        return f"No mistakes in {counted(checked.files, 'file')}."
    errors = sum(one.severity == "error" for one in diagnostics)
    warnings = len(diagnostics) - errors
    parts = [
        counted(errors, "error") if errors else "",
        counted(warnings, "warning") if warnings else "",
    ]
    numbers = " and ".join(part for part in parts if part)
    where = _places({one.span.file for one in diagnostics}, checked.files)
    outcome = f" {checked.outcome}" if checked.outcome and errors else ""
    code = next((one.code for one in diagnostics if one.severity == "error"), diagnostics[0].code)
    return f"{numbers} in {where}.{outcome}  (segctl docs {code} explains a code)"


def _places(files: AbstractSet[str], read: int) -> str:
    """A mistake may stand in a file that was not counted, since it could not be read."""
    return f"{count(len(files))} of {counted(max(read, len(files)), 'file')}"


def _block(one: Diagnostic, lines: Sequence[str], style: Style, width: int) -> str:
    gutter = " " * len(str(one.span.line))
    how = style.error if one.severity == "error" else style.warning
    shown = [
        painted(f"{one.severity}[{one.code}]", how) + painted(f": {one.summary}", style.strong),
        painted(f"{gutter}--> ", style.faint) + safe(str(one.span)),
    ]
    source = excerpt(one.span, lines, width - len(gutter) - 3)
    if source:
        shown.append(painted(f"{gutter} |", style.faint))
        for number, text in source:
            mark = gutter if number is None else f"{number:>{len(gutter)}}"
            carets = number is None
            line = painted(text, how) if carets else text
            shown.append(f"{painted(f'{mark} |', style.faint)} {line}".rstrip())
    shown.append(painted(f"{gutter} |", style.faint))
    for sentence in (one.detail, *one.help):
        first, *more = wrapped(safe(sentence), width - len(gutter) - 3)
        shown.append(f"{gutter} {painted('=', style.faint)} {first}")
        shown += [f"{gutter}   {line}" for line in more]
    return "\n".join(shown)
