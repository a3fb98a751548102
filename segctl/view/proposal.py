"""A proposed segment test as YAML, for its author to look through. Made-up players only."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal

from segctl.model.catalog import Catalog, EventTable
from segctl.model.facts import Fact, PlayerFacts

_WIDTH = 110
_bare = re.compile(r"[A-Za-z][A-Za-z0-9_+.]*(?:[ -][A-Za-z0-9_+.]+)*").fullmatch
# Words that are no text unless they are quoted.
_WORDS = frozenset(("null", "true", "false"))


@dataclass(frozen=True, slots=True)
class Row:
    """A player of the table, and whether they are in."""

    facts: PlayerFacts
    inside: bool


@dataclass(frozen=True, slots=True)
class Proposal:
    """A segment, the instant, the first player, and those who differ from them by something."""

    segment: str
    at: datetime
    base: PlayerFacts
    inside: bool
    rows: tuple[Row, ...]
    members: Mapping[str, frozenset[str]]
    returned: frozenset[str] | None


def proposal_text(one: Proposal, catalog: Catalog) -> str:
    """The document. What is expected is what segctl finds now, which its author should confirm."""
    name, base = one.base.player_id, _keys(one.base, catalog)
    lines = [
        "# Proposed by `segctl test init`. What is expected is what the rules say today: look through it, and",
        "# correct what was meant otherwise.",
        "kind: SegmentTest",
        f"segment: {one.segment}",
        f"at: {_value(one.at)}",
        "players:",
        *_entry(_text(name), base, "  "),
    ]
    if one.members:
        lines.append("members: # of the segments that this one uses")
        lines += [line for used, ids in one.members.items() for line in _listing(used, sorted(ids), "  ")]
    if one.returned is not None:
        lines += _listing("rows", sorted(one.returned), "")
    if one.rows:
        lines.append("cases:")
        lines += [line for row in one.rows for line in _case(name, base, row, catalog)]
    lines += ["steps:", f"  - {{at: {_value(one.at)}, expect: {{{_word(one)}: [{_text(name)}]}}}}"]
    return "\n".join(lines) + "\n"


def _word(one: Proposal) -> str:
    return "in" if one.inside else "out"


def _case(base: str, keys: Mapping[str, str], row: Row, catalog: Catalog) -> list[str]:
    own = _keys(row.facts, catalog)
    differs = {key: text for key, text in own.items() if keys.get(key) != text}
    differs |= {key: "[]" if key in catalog.events else "null" for key in keys if key not in own}
    head = f"  - {{name: {_text(row.facts.player_id)}, of: {_text(base)}"
    tail = f"in: {'true' if row.inside else 'false'}}}"
    if not differs:
        return [f"{head}, {tail}"]
    line = f"{head}, with: {{{', '.join(f'{key}: {text}' for key, text in differs.items())}}}, {tail}"
    if len(line) <= _WIDTH:
        return [line]
    return [
        f"  - name: {_text(row.facts.player_id)}",
        f"    of: {_text(base)}",
        *_entry("with", differs, "    "),
        f"    {tail.rstrip('}')}",
    ]


def _entry(key: str, keys: Mapping[str, str], indent: str) -> list[str]:
    """A key with its facts: on one line where they fit, else a line for each, and for each event."""
    line = f"{indent}{key}: {{{', '.join(f'{name}: {text}' for name, text in keys.items())}}}"
    if len(line) <= _WIDTH:
        return [line]
    lines = [f"{indent}{key}:"]
    for name, text in keys.items():
        whole = f"{indent}  {name}: {text}"
        if len(whole) <= _WIDTH or not text.startswith("[{"):
            lines.append(whole)
        else:
            lines.append(f"{indent}  {name}:")
            lines += [f"{indent}    - {{{row}}}" for row in text[2:-2].split("}, {")]
    return lines


def _listing(key: str, names: Sequence[str], indent: str) -> list[str]:
    texts = [_text(name) for name in names]
    line = f"{indent}{key}: [{', '.join(texts)}]"
    return [line] if len(line) <= _WIDTH else [f"{indent}{key}:", *(f"{indent}  - {text}" for text in texts)]


def _keys(facts: PlayerFacts, catalog: Catalog) -> dict[str, str]:
    """The facts of a player, each as the text of its value."""
    found = {name: _value(value) for name, value in facts.attributes.items()}
    for name, table in catalog.events.items():
        if facts.events.get(name):
            found[name] = f"[{', '.join(_event(row, table) for row in facts.events[name])}]"
    for name, score in catalog.scores.items():
        rows = facts.events.get(score.rows.name, ())
        if rows:
            pairs = [f"{{value: {_value(row[score.value])}, at: {_value(row[score.time])}}}" for row in rows]
            found[name] = f"[{', '.join(pairs)}]"
    return found


def _event(row: Mapping[str, Fact], table: EventTable) -> str:
    stored = [column.name for column in table.columns if column.name in row]
    parts = [f"{table.time}: {_value(row[table.time])}", *(f"{name}: {_value(row[name])}" for name in stored)]
    return f"{{{', '.join(parts)}}}"


def _value(fact: Fact) -> str:
    match fact:
        case None | bool():
            return json.dumps(fact)
        case datetime():
            return fact.astimezone(UTC).replace(tzinfo=None).isoformat() + "Z"
        case date():
            return fact.isoformat()
        case Decimal() | int() | float():
            return f"{fact:f}" if isinstance(fact, Decimal) else repr(fact)
        case tuple():
            return f"[{', '.join(_text(text) for text in fact)}]"
        case str():
            return _text(fact)


def _text(text: str) -> str:
    return text if _bare(text) and text.lower() not in _WORDS else json.dumps(text, ensure_ascii=False)
