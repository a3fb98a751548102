"""The page of what segments share: a named rule, a named list, or a guard, with who uses it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from segctl.view.english import listed, outline
from segctl.view.figures import counted, day, short
from segctl.view.safe import safe, safe_lines
from segctl.view.segment import WIDTH, Revision
from segctl.view.speech import Speech
from segctl.view.style import PLAIN, Style, painted
from segctl.view.width import wrapped

_LABEL = 9
_MOST_VALUES = 200
_MOST_VERSIONS = 5


@dataclass(frozen=True, slots=True)
class SharedPage:
    """What is told of it. `used_by` are addresses; `passing` is how many players pass a guard, None for others."""

    address: str
    definition: Mapping[str, Any]
    speech: Speech
    used_by: tuple[str, ...] = ()
    versions: Sequence[Revision] = ()
    archived: bool = False
    passing: int | None = None


def shared_text(page: SharedPage, *, style: Style = PLAIN, width: int = WIDTH) -> str:
    """The page."""
    kind, _, name = page.address.partition(".")
    title = safe(str(page.definition.get("title", "")))
    lines = [painted(f"{kind} {safe(name)}", style.strong) + (f" · {title}" if title else "")]
    for paragraph in safe_lines(str(page.definition.get("description", ""))):
        lines += wrapped(paragraph, width) if paragraph else []
    lines.append("")
    for label, told in _facts(page):
        first, *more = wrapped(told, width - _LABEL - 1)
        lines += [f"{label:<{_LABEL}} {first}", *(f"{'':<{_LABEL}} {line}" for line in more)]
    return "\n".join([*lines, "", *_body(page, style, width)]).rstrip("\n") + "\n"


def _facts(page: SharedPage) -> Iterator[tuple[str, str]]:
    if page.archived:
        yield "status", "archived"
    if page.passing is not None:
        yield "players", f"{page.passing:,} pass it"
    yield "used by", safe(", ".join(page.used_by)) or "nothing"
    for place, one in enumerate(page.versions[:_MOST_VERSIONS]):
        commit = f" · commit {safe(short(one.commit))}" if one.commit else ""
        told = f"{one.version}  {day(one.at)}  {safe(one.action)} by {safe(one.author)}{commit}"
        yield ("" if place else "versions"), told
    rest = len(page.versions) - _MOST_VERSIONS
    if rest > 0:
        yield "", f"… and {counted(rest, 'older one')}"


def _body(page: SharedPage, style: Style, width: int) -> Iterator[str]:
    rules, values = page.definition.get("rules"), page.definition.get("values")
    if rules:
        yield painted("In English", style.strong)
        for depth, text in outline(rules, page.speech):
            indent = "  " * depth
            first, *more = wrapped(safe(text), max(width - len(indent) - 4, 30))
            yield indent + first
            yield from (f"{indent}    {rest}" for rest in more)
    elif isinstance(values, Mapping):
        yield f"{counted(listed(values), 'private value')}"
    elif values:
        yield painted(counted(len(values), "value"), style.strong)
        yield from wrapped(safe(", ".join(values[:_MOST_VALUES])), width)
        if len(values) > _MOST_VALUES:
            yield f"… and {counted(len(values) - _MOST_VALUES, 'more value')}"
