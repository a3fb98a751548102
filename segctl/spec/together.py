"""What shows only when all segments are seen together: names used twice, unknown segments, circles."""

from __future__ import annotations

from segctl.spec.circles import circles
from segctl.spec.page import shown
from segctl.spec.segment import SegmentRead


def compare(reads: list[SegmentRead]) -> None:
    """Notes these mistakes on the pages of the segments."""
    by_name: dict[str, SegmentRead] = {}
    for read in reads:
        if read.name is not None:
            _note_twice(by_name.setdefault(read.name.text, read), read)
    for read in reads:
        for use in read.uses:
            if use.text not in by_name:
                hint = read.page.did_you_mean(use.text, by_name)
                read.page.mistake("SEG105", use, f"There is no segment {shown(use.text)}.", hint)
    uses = {name: {use.text for use in read.uses} for name, read in by_name.items()}
    for circle in circles(uses):
        _note_circle(by_name[circle[0]], circle)


def _note_twice(first: SegmentRead, second: SegmentRead) -> None:
    if first is second or first.name is None or second.name is None:
        return
    where = first.page.span(first.name)
    detail = f"The segment {shown(second.name.text)} stands at {where} already."
    second.page.mistake("SEG107", second.name, detail, "Rename one of them.")


def _note_circle(read: SegmentRead, circle: tuple[str, ...]) -> None:
    following = circle[1] if len(circle) > 1 else circle[0]
    use = next(use for use in read.uses if use.text == following)
    way = " → ".join((*circle, circle[0]))
    read.page.mistake("SEG106", use, f"These segments use each other: {way}.", "Take one of the uses out.")
