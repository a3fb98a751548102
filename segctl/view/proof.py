"""What a proof of one row shows, and on whose word."""

from __future__ import annotations

from dataclasses import dataclass

from segctl.view.safe import safe
from segctl.view.style import PLAIN, Style, painted
from segctl.view.width import wrapped

WIDTH = 100


@dataclass(frozen=True, slots=True)
class Proven:
    """A row, the log and the size at which it stands there, and what is wrong with that (empty: nothing).

    `anchors` are the names of the checkpoints that agree. `signed` says that a key vouched for the proof's own.
    """

    seq: int
    fields: tuple[tuple[str, str], ...]
    origin: str
    size: int
    problems: tuple[str, ...] = ()
    anchors: tuple[str, ...] = ()
    signed: bool = False


def proven_text(proven: Proven, *, style: Style = PLAIN) -> str:
    """The row, and a last line that says what the proof is worth."""
    if proven.problems:
        told = [wrapped(safe(problem), WIDTH - 2) for problem in proven.problems]
        lines = [
            f"{painted('!', style.error)} {first}\n" + "".join(f"  {line}\n" for line in more)
            for first, *more in told
        ]
        return "".join(lines) + "\nNothing is proven.\n"
    widest = max(len(name) for name, _ in proven.fields)
    lines = [f"Row {proven.seq:,} stands in the log {safe(proven.origin)} of {proven.size:,} rows."]
    for name, value in proven.fields:
        first, *more = wrapped(safe(value), WIDTH - widest - 4)
        lines += [f"  {name:{widest}}  {first}", *(f"  {'':{widest}}  {line}" for line in more)]
    return "\n".join([*lines, *wrapped(_worth(proven), WIDTH)]) + "\n"


def _worth(proven: Proven) -> str:
    if proven.signed or proven.anchors:
        by = ["is signed by the key that was given"] if proven.signed else []
        by += [f"agrees with {', '.join(map(safe, proven.anchors))}"] if proven.anchors else []
        return f"Proven and anchored: its checkpoint {' and '.join(by)}."
    return (
        "Proven, not anchored: the checkpoint is the proof's own. Hold it against one that was kept elsewhere "
        "(--anchor FILE), or against a key (--public-key FILE)."
    )
