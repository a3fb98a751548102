"""What mending did to files, as a person reads it. Prints nothing."""

from __future__ import annotations

from collections.abc import Iterable

from segctl.view.figures import count, counted
from segctl.view.safe import safe


def fixed_line(files: Iterable[str]) -> str:
    """Which files were written."""
    names = sorted(files)
    if not names:
        return "Nothing to fix."
    return (
        f"Fixed {counted(len(names), 'file')}: {', '.join(map(safe, names))}. Every segment means what it meant."
    )


def unused_line(unused: int, fields: int) -> str:
    """How much of the catalog no rule uses; a shipped catalog is larger than its use."""
    if not unused:
        return ""
    told = f"{count(unused)} of {counted(fields, 'field')} of the catalog are in no rule."
    return f"{told}  (segctl lint --select SEG611)"
