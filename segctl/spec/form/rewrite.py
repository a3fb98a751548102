"""A layout → the lines as they should be."""

from __future__ import annotations

from segctl.spec.form.layout import Layout

Tokens = list[tuple[int, int]]


def rewritten(layout: Layout) -> list[str]:
    """The lines with their white space changed; their number and order stay."""
    below = _below(layout)
    above: dict[int, int] = {}
    deepest: int | None = None
    lines: list[str] = []
    for number, line in enumerate(layout.lines):
        if number in layout.moved:
            lines.append(_moved(layout, number))
            deepest = layout.blocks.get(number, deepest)
        elif number in layout.tokens:
            above, deepest = _opened(above, layout.tokens[number]), None
            lines.append(_stripped(layout, number, _tokens(layout, number)))
        elif line.lstrip().startswith("#"):
            column = _comment(len(line) - len(line.lstrip()), above, below[number])
            lines.append(" " * (column if deepest is None else min(column, deepest)) + line.strip())
        else:
            lines.append(_stripped(layout, number, line))
    return lines


def _moved(layout: Layout, number: int) -> str:
    line = layout.lines[number]
    old, new = layout.moved[number]
    empty = not line.strip() and len(line) <= old
    return "" if empty else _stripped(layout, number, " " * new + _edited(layout, number, old))


def _stripped(layout: Layout, number: int, text: str) -> str:
    return text if number in layout.kept else text.rstrip()


def _tokens(layout: Layout, number: int) -> str:
    """Dashes first, each at its new column; then the rest of the line."""
    *dashes, (old, new) = sorted(layout.tokens[number])
    text = ""
    for _, column in dashes:
        text = f"{text:<{column}}-"
    return f"{text:<{new}}{_edited(layout, number, old)}"


def _edited(layout: Layout, number: int, start: int) -> str:
    line = layout.lines[number]
    for first, last, text in sorted(layout.edits.get(number, ()), reverse=True):
        line = line[:first] + text + line[last:]
    return line[start:]


def _below(layout: Layout) -> list[tuple[int, int] | None]:
    """For each line, what the next line with content begins with: its old column and its new one."""
    found: list[tuple[int, int] | None] = []
    next_one: tuple[int, int] | None = None
    for number in range(len(layout.lines) - 1, -1, -1):
        found.append(next_one)
        next_one = min(layout.tokens[number]) if number in layout.tokens else next_one
    return found[::-1]


def _opened(above: dict[int, int], tokens: Tokens) -> dict[int, int]:
    """The old columns, and the new ones, of what a line and those below it are inside of."""
    first = min(tokens)[0]
    return {**{old: new for old, new in above.items() if old < first}, **dict(tokens)}


def _comment(column: int, above: dict[int, int], below: tuple[int, int] | None) -> int:
    """The column of a comment of its own: that of what it heads, or of what stands above it at the same column."""
    if below is not None and below[0] == column:
        return below[1]
    if column in above:
        return above[column]
    nearest = max((old for old in above if old < column), default=None)
    return column if nearest is None else column + above[nearest] - nearest
