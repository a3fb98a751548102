"""A run that stopped on purpose: what disagrees, and what mends it."""

from __future__ import annotations

from segctl.base.errors import Refused
from segctl.view.safe import safe
from segctl.view.style import PLAIN, Style, painted
from segctl.view.width import wrapped

WIDTH = 100


def refusal_text(refused: Refused, *, style: Style = PLAIN, width: int = WIDTH) -> str:
    """The reason first, then a line for each way out."""
    first, *more = wrapped(safe(refused.message), width - 9, whole=True)
    lines = [f"{painted('Refused', style.error)}: {first}", *(f"  {line}" for line in more)]
    for help_line in refused.help:
        head, *rest = wrapped(safe(help_line), width - 4, whole=True)
        lines += [f"  {painted('=', style.faint)} {head}", *(f"    {line}" for line in rest)]
    return "\n".join(lines) + "\n"
