"""One field's page: what it means, where it comes from, what a rule may ask of it, and who asks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from segctl.view.data import json_text
from segctl.view.fields import FieldRow, field_data
from segctl.view.safe import safe
from segctl.view.style import PLAIN, Style, painted
from segctl.view.width import cells, left, wrapped

WIDTH = 100
_LABEL = 10
_MOST_USES = 20


@dataclass(frozen=True, slots=True)
class Example:
    """A condition in YAML and what it says."""

    operator: str
    yaml: str
    english: str


@dataclass(frozen=True, slots=True, order=True)
class Use:
    """A segment whose rules name the field, or another field that is made of it, and where that stands."""

    kind: str
    name: str
    file: str
    line: int


@dataclass(frozen=True, slots=True)
class FieldPage:
    """What is told of a field. `currency` is set for money; `at` is where the catalog declares it."""

    row: FieldRow
    currency: str
    made: tuple[str, ...]
    columns: tuple[str, ...]
    examples: tuple[Example, ...]
    narrowed: tuple[Example, ...]
    at: str
    uses: tuple[Use, ...]


def field_text(page: FieldPage, *, style: Style = PLAIN, width: int = WIDTH) -> str:
    """The page as people read it."""
    row = page.row
    lines = [painted(safe(row.name), style.strong) + (f" · {safe(row.title)}" if row.title else "")]
    lines += [*(wrapped(safe(row.description), width) if row.description else []), ""]
    for label, told in _facts(page):
        first, *more = wrapped(safe(told), width - _LABEL - 1)
        lines += [f"{label:<{_LABEL}} {first}", *(f"{'':<{_LABEL}} {rest}" for rest in more)]
    lines += ["", painted("Conditions", style.strong)]
    lines += _examples((*page.examples, *page.narrowed), width)
    lines += ["", painted("Used by", style.strong), *_uses(page, width)]
    return "\n".join(lines) + "\n"


def field_json(page: FieldPage) -> str:
    """The same for programs."""
    data: dict[str, Any] = field_data(page.row) | {
        "currency": page.currency or None,
        "made": list(page.made),
        "columns": list(page.columns),
        "declared": page.at,
        "examples": [
            {"operator": one.operator or None, "yaml": one.yaml, "english": one.english}
            for one in (*page.examples, *page.narrowed)
        ],
        "used_by": [{"kind": one.kind, "name": one.name, "file": one.file, "line": one.line} for one in page.uses],
    }
    return json_text(data)


def _facts(page: FieldPage) -> Iterator[tuple[str, str]]:
    row, made = page.row, page.row.kind != "attribute"
    yield "group", row.group or "none"
    yield "type", f"{row.type} in {page.currency}" if page.currency else row.type
    facts = [
        ("unit", "" if row.unit == page.currency else row.unit),
        ("of", "the lifetime, or the range of the `during` above it" if row.kind == "metric" else ""),
        *((("made of" if made else "read from") if first else "", one) for first, one in _first(page.made)),
        ("read from", ", ".join(page.columns) if made else ""),
        ("values", ", ".join(row.values)),
        ("dimensions", ", ".join(row.dimensions)),
        ("money", "real, bonus or both (the default)" if row.money else ""),
        ("personal", "yes: its values never appear in a plan, a log or a comment" if row.pii else ""),
    ]
    yield from ((label, told) for label, told in facts if told)
    yield "declared", page.at


def _first(told: tuple[str, ...]) -> Iterator[tuple[bool, str]]:
    return ((at == 0, one) for at, one in enumerate(told))


def _examples(examples: tuple[Example, ...], width: int) -> list[str]:
    """YAML and English side by side; a pair that does not fit takes two lines."""
    shown = [(safe(one.yaml), safe(one.english)) for one in examples]
    half = max((cells(yaml) for yaml, _ in shown if cells(yaml) <= width // 2), default=0) + 3
    lines = []
    for yaml, english in shown:
        if cells(yaml) + 3 > half or half + cells(english) + 2 > width:
            lines += [f"  {yaml}", *(f"      {rest}" for rest in wrapped(english, width - 6))]
        else:
            lines.append(f"  {left(yaml, half)}{english}".rstrip())
    return lines


def _uses(page: FieldPage, width: int) -> list[str]:
    if not page.uses:
        return ["  nothing yet"]
    shown = page.uses[:_MOST_USES]
    names = [safe(f"{one.kind} {one.name}") for one in shown]
    most = min(max(map(cells, names)), width // 2)
    lines = [
        f"  {left(name, most)}  {safe(f'{one.file}:{one.line}' if one.file else '')}".rstrip()
        for name, one in zip(names, shown, strict=True)
    ]
    rest = len(page.uses) - len(shown)
    return [*lines, f"  … and {rest} more (--json)"] if rest else lines
