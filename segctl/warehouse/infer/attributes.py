"""Columns of the player table, and of tables beside it, as attributes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from segctl.model.draft import DraftEntry, DraftValue, Open
from segctl.model.tables import StoredColumn, StoredTable
from segctl.warehouse.infer.columns import Guess, guess, money_of
from segctl.warehouse.infer.names import field_name, plural, smells_of_a_birth, subject, title, words
from segctl.warehouse.look import Look

_GROUPS = (
    ("Consent", frozenset(("consent", "consents", "opt", "optin", "allows", "allow", "marketing", "newsletter"))),
    ("Safer gambling", frozenset(("excluded", "exclusion", "limit", "limits", "timeout", "cooloff"))),
    ("Value", frozenset(("vip", "tier", "level", "loyalty"))),
)
ZONE = "in which time zone did its clock stand?"


@dataclass(slots=True)
class Names:
    """The names of fields given so far; attributes and metrics share them."""

    taken: set[str] = field(default_factory=set)

    def new(self, *wanted: str) -> str:
        """The first that is free, else the last with a number."""
        fitting = [field_name(one) for one in wanted]
        name = next((one for one in fitting if one not in self.taken), "")
        number = 2
        while not name or name in self.taken:
            name = f"{fitting[-1]}_{number}"
            number += 1
        self.taken.add(name)
        return name


@dataclass(frozen=True, slots=True)
class Beside:
    """A table that is not the player table: its player column, and what it is about, in words."""

    player: str
    about: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Taken:
    """The columns of one table as attributes, and why others are not."""

    entries: tuple[DraftEntry, ...]
    left_out: tuple[str, ...]


def attributes_of(
    table: StoredTable,
    skip: Iterable[str],
    look: Look,
    names: Names,
    *,
    beside: Beside | None,
    timezone: str | None,
) -> Taken:
    """All columns but those to `skip`; `timezone` is the one that was told, for timestamps without one."""
    money, skipped = money_of(table, look), set(skip)
    skipped |= set(money.bases.values())
    entries: list[DraftEntry] = []
    left_out: list[str] = []
    for column in table.columns:
        if column.name in skipped:
            continue
        guessed = guess(column, table, look, money)
        if guessed.left_out:
            left_out.append(f"{table.name}.{column.name}: {guessed.left_out}")
            continue
        entry = _attribute(table, column, guessed, names, beside)
        zone, undecided = _zone(column, timezone)
        entries.append(replace(entry, keys=(*entry.keys, *zone), open=undecided))
        if column.kind == "date" and smells_of_a_birth(column.name):
            entries.append(_age(entry.name, names))
    return Taken(tuple(entries), tuple(left_out))


def list_of(table: StoredTable, column: StoredColumn, names: Names, beside: Beside) -> DraftEntry:
    """A table of pairs as an attribute with many values."""
    short = field_name("_".join([*beside.about[:-1], *(map(plural, beside.about[-1:]))]) or column.name)
    name = names.new(short, f"{short}_{field_name(column.name)}")
    keys = (
        *(("table", table.name), ("player", beside.player), ("column", column.name), ("type", "list")),
        *(("title", title(name.split("_"))), ("group", "Account")),
    )
    return DraftEntry(name, keys)


def _attribute(
    table: StoredTable, column: StoredColumn, guessed: Guess, names: Names, beside: Beside | None
) -> DraftEntry:
    about = list(beside.about) if beside else []
    own = words(column.name)
    told = own if own[: len(about)] == about else [*about, *own]
    short = field_name("_".join(told))
    name = names.new(short, f"{'_'.join(subject(table.name))}_{short}")
    where = () if beside is None else (("table", table.name), ("player", beside.player))
    group = _group(told, guessed.type, personal=guessed.personal)
    keys: list[tuple[str, DraftValue]] = [*where, ("column", column.name), ("type", guessed.type), *guessed.keys]
    keys += [("pii", True)] if guessed.personal else []
    return DraftEntry(name, (*keys, ("title", title(told)), ("group", group)), guessed.notes)


def _zone(column: StoredColumn, timezone: str | None) -> tuple[tuple[tuple[str, str], ...], tuple[Open, ...]]:
    """The key `timezone` of a naive timestamp: known, or open."""
    if column.kind != "naive":
        return (), ()
    if timezone is not None:
        return (("timezone", timezone),), ()
    return (), (Open("timezone", "UTC", ZONE),)


def _age(of: str, names: Names) -> DraftEntry:
    keys = (("age_of", of), ("title", "Age"), ("group", "Personal information"), ("unit", "years"))
    return DraftEntry(names.new("age"), keys)


def _group(parts: list[str], kind: str, *, personal: bool) -> str:
    for group, marks in _GROUPS:
        if not marks.isdisjoint(parts):
            return group
    if personal:
        return "Personal information"
    return "Money" if kind == "money" else "Account"
