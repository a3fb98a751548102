"""The players of a segment test: defaults, `like`, and cases with their matrices → facts by name."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import product
from math import prod

from segctl.model.facts import Fact, PlayerFacts
from segctl.spec.circles import circles
from segctl.spec.facts import FactReader, read_moment
from segctl.spec.node import Entry, Mapping, Node, Scalar, Sequence, text
from segctl.spec.page import Page, shown
from segctl.spec.scalar import flag

MOST_CASES = 1_000
_LONGEST_NAME = 200


@dataclass(frozen=True, slots=True)
class Case:
    """One player of the table, and what is expected of it. `at` is None for the instant of the test."""

    name: str
    node: Node
    inside: bool
    at: datetime | None


@dataclass(slots=True)
class Cast:
    """The keys of every player, by name, before they are read: defaults first, then what is nearer."""

    players: dict[str, dict[str, Entry]] = field(default_factory=dict)
    cases: list[Case] = field(default_factory=list)


def read_cast(page: Page, document: Mapping) -> Cast:
    """All players of a document; the mistakes of single facts are found when they are read."""
    cast = Cast()
    defaults = _entries(page, document.get("defaults"), "defaults")
    written = document.get("players")
    own = {
        name: _entries(page, value, name)
        for name, (_, value) in (written.entries if type(written) is Mapping else {}).items()
    }
    bases = _bases(page, own)
    for name in own:
        line = list(_line(name, bases))
        merged = dict(defaults)
        for each in reversed(line):
            merged.update((key, entry) for key, entry in own[each].items() if key != "like")
        cast.players[name] = merged
    table = document.get("cases")
    for number, node in enumerate(table.items if type(table) is Sequence else [], 1):
        if type(node) is Mapping:
            _add_case(page, cast, node, number, defaults)
    return cast


def facts(reader: FactReader, name: str, entries: dict[str, Entry]) -> PlayerFacts | None:
    """One player; None with the mistakes noted."""
    attributes: dict[str, Fact] = {}
    events: dict[str, tuple[dict[str, Fact], ...]] = {}
    whole = True
    for entry in entries.values():
        read = reader.fact(entry)
        if read is None:
            whole = False
        elif read.table:
            events[read.table] = read.rows
        elif read.value is not None:
            attributes[read.name] = read.value
    return PlayerFacts(name, attributes, events) if whole else None


def _entries(page: Page, node: Node | None, what: str) -> dict[str, Entry]:
    if node is None:
        return {}
    if type(node) is not Mapping:
        page.mistake("SEG201", node, f"{shown(what)} takes a mapping of facts.", "Write `anna: {country: DE}`.")
        return {}
    return node.entries


def _bases(page: Page, own: dict[str, dict[str, Entry]]) -> dict[str, str]:
    """Whom each player is like."""
    found: dict[str, str] = {}
    for name, entries in own.items():
        node = entries["like"][1] if "like" in entries else None
        if type(node) is Scalar and known_player(page, node, own):
            found[name] = node.text
        elif node is not None and type(node) is not Scalar:
            page.mistake("SEG201", node, "`like` takes the name of a player.")
    for circle in circles({name: {base} for name, base in found.items()}):
        way = " → ".join((*circle, circle[0]))
        detail = f"These players are like each other: {way}."
        page.mistake("SEG502", own[circle[0]]["like"][1], detail, "Write the facts of one of them.")
        del found[circle[0]]
    return found


def _line(name: str, bases: dict[str, str]) -> Iterator[str]:
    """A player, whom it is like, whom that one is like, and so on."""
    yield name
    while name in bases:
        name = bases[name]
        yield name


def known_player(page: Page, node: Scalar, players: dict[str, dict[str, Entry]]) -> bool:
    """Is there a player of that name? Notes if not."""
    if node.text in players:
        return True
    page.mistake(
        "SEG501", node, f"The test has no player {shown(node.text)}.", page.did_you_mean(node.text, players)
    )
    return False


def _add_case(page: Page, cast: Cast, node: Mapping, number: int, defaults: dict[str, Entry]) -> None:
    base, given = node.get("of"), node.get("with")
    start = defaults
    if type(base) is Scalar:
        if not known_player(page, base, cast.players):
            return
        start = cast.players[base.text]
    inside = flag(node.get("in"))
    at = read_moment(page, node.entries["at"][1], "`at`") if "at" in node.entries else None
    own = given.entries if type(given) is Mapping else {}
    for chosen in _combinations(page, node.get("matrix")):
        entries = {**own, **chosen}
        name = _name(node, entries if "name" not in node.entries else chosen, number)
        if name in cast.players:
            place = node.get("name") or node
            page.mistake("SEG107", place, f"There is a player {shown(name)} already.", "Give the case a `name`.")
            return
        cast.players[name] = {**start, **entries}
        cast.cases.append(Case(name, node, inside, at))


def _combinations(page: Page, matrix: Node | None) -> Iterator[dict[str, Entry]]:
    """Each choice of one value for each key; a single empty one without a matrix."""
    if type(matrix) is not Mapping:
        yield {}
        return
    keys: list[list[tuple[str, Entry]]] = []
    for name, (key, values) in matrix.entries.items():
        if type(values) is not Sequence or not values.items:
            page.mistake("SEG201", values, f"{shown(name)} takes a list of values.", f"Write `{name}: [1, 2]`.")
            return
        keys.append([(name, (key, value)) for value in values.items])
    size = prod(len(key) for key in keys)
    if size > MOST_CASES:
        detail = f"The matrix has {size:,} combinations, and a test may have {MOST_CASES:,}."
        page.mistake("SEG509", matrix, detail, "Take out values that behave alike.")
        return
    for choice in product(*keys):
        yield dict(choice)


def _name(node: Mapping, entries: dict[str, Entry], number: int) -> str:
    """`anna, vip_level 2`: short enough to read, and different for different values."""
    words = [text(node, "name") or text(node, "of")]
    words += [_said(name, value) for name, (_, value) in entries.items()]
    name = ", ".join(word for word in words if word)
    return name if name and len(name) <= _LONGEST_NAME else f"case {number}"


def _said(name: str, value: Node) -> str:
    match value:
        case Scalar():
            return f"{name} {value.text}" if value.text else f"no {name}"
        case Sequence(items=[]):
            return f"no {name}"
        case Sequence():
            return f"{name} {' '.join(item.text if type(item) is Scalar else '…' for item in value.items)}"
        case _:
            return name
