"""What an import wrote, a file a line, and what to think of."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from segctl.view.figures import counted
from segctl.view.safe import safe


class Written(Protocol):
    """A file that was written."""

    @property
    def address(self) -> str: ...
    @property
    def file(self) -> str: ...
    @property
    def source(self) -> str: ...
    @property
    def players(self) -> int | None: ...
    @property
    def side(self) -> str | None: ...
    @property
    def lost(self) -> tuple[str, ...]: ...


def imported_text(found: Sequence[Written]) -> str:
    """The files, then the next command."""
    if not found:
        return "Everything that is deployed has a file. Nothing was written.\n"
    lines = []
    for one in found:
        told = (
            f"{counted(one.players, 'player')} from {safe(one.source)}"
            if one.players is not None
            else safe(one.address)
        )
        lines.append(f"  + {safe(one.file)}   {told}")
        if one.side:
            lines.append(f"  + {safe(one.side)}   their ids")
        lines += [f"      ! {safe(line)}" for line in one.lost]
    if any(one.players is not None or one.side for one in found):
        lines += ["", "Player ids stand in it. What is committed, git keeps: think of it before you do."]
    return "\n".join([*lines, "Nothing is deployed. To see what it would do:  segctl plan"]) + "\n"
