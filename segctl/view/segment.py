"""One segment's page: what it is, who is in it, where it is used, and its rules in English beside the YAML."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from segctl.view.beside import LABELS, beside, query
from segctl.view.english import listed, outline
from segctl.view.figures import counted, day, moment, short
from segctl.view.safe import safe, safe_lines
from segctl.view.speech import Speech
from segctl.view.style import PLAIN, Style, painted
from segctl.view.width import cells, cut, left, wrapped

WIDTH = 100
_LABEL = 9
_MOST_VERSIONS = 5
_MOST_LINES = 200
_MOST_QUERY = 40


@dataclass(frozen=True, slots=True)
class Revision:
    """A version of a definition."""

    version: int
    action: str
    at: datetime
    author: str
    commit: str | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """What is told of a segment: its canonical document, and in `yaml` what its author wrote, if that is known.

    `versions` are the newest first; `players` and `as_of` are None where it was never evaluated. `guard` is the
    document of the guard of its purpose, where there is one.
    """

    name: str
    definition: Mapping[str, Any]
    speech: Speech
    players: int | None = None
    as_of: datetime | None = None
    uses: tuple[str, ...] = ()
    used_by: tuple[str, ...] = ()
    versions: Sequence[Revision] = ()
    archived: bool = False
    yaml: str = ""
    file: str = ""
    guard: Mapping[str, Any] | None = None


def segment_text(page: Page, *, style: Style = PLAIN, width: int = WIDTH) -> str:
    """The page. English and YAML stand side by side where there is room, else one below the other."""
    title = safe(_text(page, "title"))
    lines = [painted(safe(page.name), style.strong) + (f" · {title}" if title else "")]
    for paragraph in safe_lines(_text(page, "description")):
        lines += wrapped(paragraph, width) if paragraph else []
    lines.append("")
    for label, told in _facts(page):
        first, *more = wrapped(told, width - _LABEL - 1)
        lines += [f"{label:<{_LABEL}} {first}", *(f"{'':<{_LABEL}} {line}" for line in more)]
    for block in map(list, (_rules(page, style, width), _query(page, style, width), _guard(page, style, width))):
        lines += ["", *block] if block else []
    return "\n".join(lines) + "\n"


def _facts(page: Page) -> Iterator[tuple[str, str]]:
    state = ["archived"] if page.archived else []
    state += ["protected"] if page.definition.get("protected") else []
    nature = [_text(page, "type"), _text(page, "purpose") or "marketing", *state]
    yield "type", safe(" · ".join(nature))
    yield "players", _players(page)
    told_keys: set[str] = set()
    for key, told in beside(page.definition, page.speech):
        yield "" if key in told_keys else LABELS[key], safe(told)
        told_keys.add(key)
    facts = {
        "list": counted(listed(page.definition["players"]), "player") if "players" in page.definition else "",
        "tags": ", ".join(page.definition.get("tags", ())),
        "owner": _text(page, "owner"),
        "uses": ", ".join(page.uses),
        "used by": ", ".join(page.used_by) or "nothing",
        "file": page.file,
    }
    for label, told in facts.items():
        if told:
            yield label, safe(told)
    for place, one in enumerate(page.versions[:_MOST_VERSIONS]):
        yield ("" if place else "versions"), _revision(one)
    rest = len(page.versions) - _MOST_VERSIONS
    if rest > 0:
        yield "", f"… and {counted(rest, 'older one')}"


def _players(page: Page) -> str:
    if page.players is None:
        return "not evaluated yet"
    return f"{page.players:,}" + (f" as of {moment(page.as_of)}" if page.as_of else "")


def _revision(one: Revision) -> str:
    commit = f" · commit {safe(short(one.commit))}" if one.commit else ""
    return f"{one.version}  {day(one.at)}  {safe(one.action)} by {safe(one.author)}{commit}"


def _rules(page: Page, style: Style, width: int) -> Iterator[str]:
    rules = page.definition.get("rules")
    english = [f"{'  ' * depth}{safe(text)}" for depth, text in outline(rules, page.speech)] if rules else []
    yaml = _beginning(page.yaml)
    half = max((cells(line) for line in english), default=0) + 3
    if english and yaml and half + max(map(cells, yaml)) <= width:
        yield painted(left("In English", half) + "In YAML", style.strong)
        for at in range(max(len(english), len(yaml))):
            beside = yaml[at] if at < len(yaml) else ""
            yield (left(english[at] if at < len(english) else "", half) + beside).rstrip()
        return
    for heading, block in (("In English", english), ("In YAML", yaml)):
        if block:
            yield from _block(heading, block, style, width)


def _query(page: Page, style: Style, width: int) -> Iterator[str]:
    """The query of a segment that has one, cut like YAML: a broken line is another text."""
    lines = query(page.definition.get("query"), _MOST_QUERY)
    if lines:
        yield painted("Query", style.strong)
        yield from (cut(safe(line), width) for line in lines)


def _guard(page: Page, style: Style, width: int) -> Iterator[str]:
    """What every member is, whatever stands above."""
    if page.guard is not None:
        heading = f"Guard of {safe(_text(page, 'purpose') or 'marketing')} segments: every member passes it"
        lines = outline(page.guard["rules"], page.speech)
        yield from _block(heading, [f"{'  ' * depth}{safe(text)}" for depth, text in lines], style, width)


def _beginning(yaml: str) -> list[str]:
    """The text's lines, without the end of a long list of players."""
    lines = yaml.strip("\n").split("\n", _MOST_LINES) if yaml else []
    rest = lines.pop().count("\n") + 1 if len(lines) > _MOST_LINES else 0
    shown = [part for line in lines for part in safe_lines(line)]
    return [*shown, f"… {counted(rest, 'more line')}"] if rest else shown


def _block(heading: str, block: Sequence[str], style: Style, width: int) -> Iterator[str]:
    """Long lines of English are wrapped below themselves; YAML is cut, since a broken line is another text."""
    if heading == "In YAML":
        yield ""
        yield painted(heading, style.strong)
        yield from (cut(line, width) for line in block)
        return
    yield painted(heading, style.strong)
    for line in block:
        indent = " " * (len(line) - len(line.lstrip()))
        first, *more = wrapped(line, max(width - len(indent) - 4, 30))
        yield indent + first
        yield from (f"{indent}    {rest}" for rest in more)


def _text(page: Page, key: str) -> str:
    return str(page.definition.get(key, ""))
