"""An `include` or `exclude` whose last day has passed (SEG617)."""

from __future__ import annotations

from collections.abc import Iterator

from segctl.base.diagnostic import Diagnostic
from segctl.base.span import Span
from segctl.lint.ground import Ground
from segctl.lint.places import document_at, read
from segctl.model.segment import Segment
from segctl.spec.node import Mapping, Sequence, span


def expired_adjustments(ground: Ground) -> Iterator[Diagnostic]:
    """Entries that no longer do anything."""
    today = ground.clock.today
    for segment in ground.project.segments.values():
        for key, entries in (("include", segment.include), ("exclude", segment.exclude)):
            for place, one in enumerate(entries):
                if one.until is not None and one.until < today:
                    detail = f"This entry of `{key}` held through {one.until.isoformat()}, which has passed."
                    yield Diagnostic("SEG617", _at(segment, key, place, ground), detail, (_HELP,))


_HELP = "Remove the entry, or give it a later day."


def _at(segment: Segment, key: str, place: int, ground: Ground) -> Span:
    """Its `until`, found in the file."""
    name = segment.at or Span("", 1, 1, 1, 2)
    document = document_at(read(ground.texts.get(name.file, "")), name)
    items = document.get(key) if document is not None else None
    item = items.items[place] if isinstance(items, Sequence) and place < len(items.items) else None
    until = item.get("until") if isinstance(item, Mapping) else None
    return name if until is None else span(name.file, until)
