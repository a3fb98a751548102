"""One mistake mended in the text of its file, where that can be done without a question. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence

from segctl.base.diagnostic import Diagnostic
from segctl.base.span import Span
from segctl.lint.edit import Text, replaced_scalar, unwrapped, without_comment, without_item, written
from segctl.lint.places import Standing, entries, read, standing
from segctl.lint.plain import plain_test
from segctl.model.rule import Test
from segctl.spec import node as yaml

# Edits that do not depend on each other, and those of which one is made at a time: a condition may be spare only
# because of another one.
_SEVERAL = ("SEG612", "SEG622", "SEG632")
_SINGLE = ("SEG604", "SEG605")
FIXABLE = frozenset((*_SEVERAL, *_SINGLE))
_BOM = "\ufeff"
_GROUPS = ("all", "any")


def mendings(text: str, diagnostics: Sequence[Diagnostic]) -> Iterator[str]:
    """The texts of a file after one step of mending, best first; to be read again before the next."""
    mark, body = (_BOM, text[1:]) if text.startswith(_BOM) else ("", text)
    several = sorted((one for one in diagnostics if one.code in _SEVERAL), key=lambda one: one.span, reverse=True)
    together = body
    for one in several:
        together = _edited(together, one) or together
    if len(several) > 1 and together != body:
        yield mark + together
    for one in (*several, *(one for one in diagnostics if one.code in _SINGLE)):
        edited = _edited(body, one)
        if edited is not None and edited != body:
            yield mark + edited


def _edited(text: str, one: Diagnostic) -> str | None:
    match one.code:
        case "SEG604":
            return _without_condition(text, one.span)
        case "SEG605":
            found = standing(read(text), one.span)
            return None if found is None or found.key.text not in _GROUPS else unwrapped(text, found)
        case "SEG612":
            return _without_value(text, one.span)
        case "SEG622":
            return _plainly(text, one.span)
        case _:
            return _without_ignore(text, one)


def _without_condition(text: str, at: Span) -> str | None:
    """Of a group below the first one that is left with a single part, the group goes as well."""
    found = standing(read(text), at)
    if found is None or found.home is None or found.above is None:
        return None
    fewer = without_item(text, found.home, found.item)
    group = found.above
    if fewer is None or len(found.home.items) > 2 or group.home is None:
        return fewer
    if group.key.text not in _GROUPS or "during" in group.mapping.entries:
        return fewer
    again = _same(fewer, group)
    return None if again is None else unwrapped(fewer, again)


def _same(text: str, group: Standing) -> Standing | None:
    """A key once more, in a text that changed behind it."""
    start = group.key.start
    return standing(read(text), Span("", start.line + 1, start.column + 1, 0, 0))


def _without_value(text: str, at: Span) -> str | None:
    for items in _lists(read(text)):
        for place, item in enumerate(items.items):
            if (item.start.line + 1, item.start.column + 1) == (at.line, at.column):
                return without_item(text, items, place)
    return None


def _lists(nodes: Iterable[yaml.Node]) -> list[yaml.Sequence]:
    return [one.value for one in entries(list(nodes)) if isinstance(one.value, yaml.Sequence)]


def _plainly(text: str, at: Span) -> str | None:
    found = standing(read(text), at)
    if found is None or not isinstance(found.value, yaml.Mapping) or "matches" not in found.value.entries:
        return None
    key, value = found.value.entries["matches"]
    if not isinstance(value, yaml.Scalar):
        return None
    plain = plain_test(Test("matches", value.text))
    if plain.op == "matches":
        return None
    kept = written(text, value) if plain.value == value.text else json.dumps(plain.value, ensure_ascii=False)
    return replaced_scalar(replaced_scalar(text, value, kept), key, plain.op)


def _without_ignore(text: str, one: Diagnostic) -> str | None:
    """The comment goes if it names no other code."""
    line = Text(text).line(one.span.line - 1)
    comment = line[one.span.column - 1 :]
    if comment.count("SEG") > 1:
        return None
    return without_comment(text, one.span.line, one.span.column)
