"""What a marketing segment may lack: consent (SEG619), and words for its readers (SEG620)."""

from __future__ import annotations

from collections.abc import Iterator

from segctl.base.diagnostic import Diagnostic
from segctl.base.span import Span
from segctl.lint.ground import Ground
from segctl.lint.words import joined
from segctl.model.expand import expanded
from segctl.model.rule import Rule, used_fields, used_segments

_CONSENT = ("consent_", "allows_")


def without_consent(ground: Ground) -> Iterator[Diagnostic]:
    """Marketing segments in whose rules, guard and used segments no field of consent is asked."""
    fields = {name for name in ground.catalog.fields if name.startswith(_CONSENT)}
    for name, segment in ground.project.segments.items() if fields else ():
        if segment.purpose == "marketing" and fields.isdisjoint(_asked(name, ground)):
            detail = f"`{name}` is for marketing, and nothing in it asks whether a player wants to be written to."
            help_line = f"Ask for the channel, for example `{min(fields)}: true`."
            yield Diagnostic("SEG619", segment.at or Span("", 1, 1, 1, 2), detail, (help_line,))


def without_words(ground: Ground) -> Iterator[Diagnostic]:
    """Segments without a title, a description or an owner."""
    for segment in ground.project.segments.values():
        lacking = [f"`{key}`" for key in ("title", "description", "owner") if not getattr(segment, key)]
        if lacking:
            detail = f"`{segment.name}` lacks {joined(lacking)}."
            yield Diagnostic("SEG620", segment.at or Span("", 1, 1, 1, 2), detail, (_FOR_READERS,))


_FOR_READERS = "Say what it is for, and whom to ask."


def _asked(name: str, ground: Ground) -> set[str]:
    """The fields that a segment asks, itself and through others."""
    fields: set[str] = set()
    waiting, seen = [name], set[str]()
    while waiting:
        segment = ground.project.segments.get(waiting.pop())
        if segment is None or segment.name in seen:
            continue
        seen.add(segment.name)
        guard = ground.project.guards.get(segment.purpose)
        rules: list[Rule | None] = [segment.rules, segment.scope, guard.rule if guard else None]
        for rule in [expanded(rule, ground.names) for rule in rules if rule is not None]:
            fields |= used_fields(rule)
            waiting += used_segments(rule)
    return fields
