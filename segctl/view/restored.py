"""What is said of a file that was written from the state."""

from __future__ import annotations

from collections.abc import Sequence

from segctl.view.safe import safe


def restored_text(
    symbol: str, file: str, told: str, *, side: str | None, lost: Sequence[str], also: str = ""
) -> str:
    """The file, its side file, what could not be put back, and what to type next."""
    lines = [f"  {symbol} {safe(file)}   {safe(told)}"]
    lines += [f"  + {safe(side)}   its list of players"] if side else []
    lines += ["", safe(also)] if also else []
    lines += ["", "Not put back; complete the file by hand:", *(f"  {safe(one)}" for one in lost)] if lost else []
    lines += ["", "Nothing is deployed. To see what the file would do:  segctl plan"]
    return "\n".join(lines) + "\n"
