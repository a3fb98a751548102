"""Two segments with the same members, always (SEG606)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterator
from typing import Any

from segctl.base.diagnostic import Diagnostic
from segctl.base.digest import canonical_json
from segctl.base.span import Span
from segctl.lint.ground import Ground
from segctl.lint.normal import normal
from segctl.model.canonical import segment_document
from segctl.model.canonical_rule import rule_document
from segctl.model.expand import Names
from segctl.model.segment import Segment

# What a segment is called and who cares for it decides nothing about who is in.
_ABOUT = ("name", "title", "description", "tags", "owner", "protected", "renamed_from", "rules", "scope")


def equal_segments(ground: Ground) -> Iterator[Diagnostic]:
    """Each segment that means the same as one whose name comes before. A snapshot is its own."""
    asks = {owner.name: one.asks for owner, one in ground.segments()}
    alike: dict[Hashable, list[Segment]] = defaultdict(list)
    for name, segment in sorted(ground.project.segments.items()):
        if segment.type != "static":
            alike[segment.type, segment.purpose, asks.get(name)].append(segment)
    for near in alike.values():
        first: dict[str, Segment] = {}
        for segment in near if len(near) > 1 else ():
            other = first.setdefault(canonical_json(_meaning(segment, ground.names)), segment)
            if other is not segment:
                detail = (
                    f"`{segment.name}` has the same members as `{other.name}`{_at(other.at)}, whoever they are."
                )
                yield Diagnostic("SEG606", segment.at or Span("", 1, 1, 1, 2), detail, (_HELP.format(other.name),))


_HELP = "Use one of them, or say what is different. A second name for it: `in_segment: {}`."


def _meaning(segment: Segment, names: Names) -> dict[str, Any]:
    document = {key: value for key, value in segment_document(segment).items() if key not in _ABOUT}
    for key, rule in (("rules", segment.rules), ("scope", segment.scope)):
        if rule is not None:
            document[key] = rule_document(normal(rule, names))
    return document


def _at(span: Span | None) -> str:
    return f" ({span.file}:{span.line})" if span is not None else ""
