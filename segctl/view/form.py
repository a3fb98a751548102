"""What `segctl fmt` says: which files change, and how."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import unified_diff

from segctl.view.safe import safe
from segctl.view.style import PLAIN, Style, painted


def changed_text(files: Sequence[str], total: int, *, written: bool, again: str) -> str:
    """The files one a line, and what was done or what to type: `again` is the command that writes them."""
    of = f"{len(files):,} of {total:,} {'file' if total == 1 else 'files'}"
    lines = [f"  ~ {safe(file)}" for file in files]
    lines += [""] if files else []
    if not files:
        return f"{total:,} {'file is' if total == 1 else 'files are'} in form. Nothing to change.\n"
    last = f"{of} changed." if written else f"{of} would change. To write them:  {safe(again)}"
    return "\n".join([*lines, last]) + "\n"


def difference_text(file: str, before: str, after: str, *, style: Style = PLAIN) -> str:
    """What changes in a file, as a unified diff."""
    lines = unified_diff(before.splitlines(), after.splitlines(), file, file, lineterm="")
    return "".join(f"{line}\n" for line in _painted(lines, style))


def bug_text(files: Sequence[str]) -> str:
    """Files that segctl's form would have changed in more than their form."""
    lines = [f"  {safe(file)} was left alone: its form would say something else." for file in files]
    return "\n".join([*lines, "This is a bug in segctl, not your mistake. Please report the file."]) + "\n"


def _painted(lines: Iterator[str], style: Style) -> Iterator[str]:
    paints = {"+": style.added, "-": style.removed}
    for line in lines:
        paint = "" if line.startswith(("+++", "---")) else paints.get(line[:1], "")
        yield painted(safe(line), paint) if paint else safe(line)
