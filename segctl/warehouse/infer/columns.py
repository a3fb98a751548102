"""One stored column as a field of the catalog: its type, its values, its money, or why it is left out."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from segctl.model.draft import DraftValue
from segctl.model.tables import StoredColumn, StoredKind, StoredTable
from segctl.warehouse.infer.names import (
    nameable,
    no_money,
    smells_of_a_birth,
    smells_of_a_person,
    smells_of_a_secret,
    smells_of_money,
    words,
)
from segctl.warehouse.look import Look

Keys = tuple[tuple[str, DraftValue], ...]

_TYPES: dict[StoredKind, str] = {
    "text": "string",
    "integer": "integer",
    "float": "number",
    "boolean": "boolean",
    "date": "date",
    "instant": "datetime",
    "naive": "datetime",
    "texts": "list",
}
_code = re.compile(r"[A-Z][A-Z0-9]{2,9}").fullmatch
_MOST_VALUES = 20
_LONGEST_VALUE = 40
_ROWS_PER_VALUE = 5
FLOATING = "sums of floating point differ from run to run. Store it as DECIMAL, then write `type: money`."
CURRENCIES = "Amounts in several currencies: name the column with the amount in one as `base`, with `type: money`."


@dataclass(frozen=True, slots=True)
class Guess:
    """The keys of a field without its column, and what to say of it. `left_out` is a reason, if it is no field."""

    type: str = ""
    keys: Keys = ()
    notes: tuple[str, ...] = ()
    left_out: str = ""
    personal: bool = False


@dataclass(frozen=True, slots=True)
class Money:
    """The currencies of a table's rows: its column if they are several, and which column holds whose base."""

    currency: str | None
    bases: dict[str, str]


def guess(column: StoredColumn, table: StoredTable, look: Look, money: Money) -> Guess:
    """What a column is likely to be."""
    if not nameable(column.name):
        return Guess(left_out="its name cannot be written in a catalog; give it a plain one in a view")
    if smells_of_a_secret(column.name):
        return Guess(left_out="it looks like a secret")
    if column.kind == "other" or column.spelled == "JSON":
        return Guess(left_out=f"{column.spelled} is no type of the catalog; cast it in a view")
    personal = _personal(column)
    if column.kind == "decimal" or (column.kind == "float" and smells_of_money(column.name)):
        return _amount(column, money)
    values = () if personal else _values(column, table, look)
    keys: Keys = (("values", values),) if values else ()
    return Guess(_TYPES[column.kind], keys, personal=personal)


def _personal(column: StoredColumn) -> bool:
    """Of times only a birth singles somebody out, of flags none."""
    if column.kind in ("date", "instant", "naive"):
        return smells_of_a_birth(column.name)
    return column.kind != "boolean" and smells_of_a_person(column.name)


def money_of(table: StoredTable, look: Look) -> Money:
    """Whether a table's amounts are in several currencies, and which columns hold them in one."""
    column = next((one for one in table.columns if one.kind == "text" and _is_currency(one.name)), None)
    if column is None or not nameable(column.name):
        return Money(None, {})
    codes = [value.lower() for value, _ in look.values(table.name, column, (), _MOST_VALUES)]
    if len(codes) < 2:
        return Money(None, {})
    by_name = {one.name.lower(): one.name for one in table.columns if one.kind in ("decimal", "integer")}
    bases = {}
    for one in by_name.values():
        low = one.lower()
        usual = [
            f"base_{low}",
            f"{low}_base",
            *(form for code in codes for form in (f"{low}_{code}", f"{code}_{low}")),
        ]
        found = next((by_name[name] for name in usual if name in by_name), None)
        if found is not None:
            bases[one] = found
    return Money(column.name, bases)


def currencies(tables: Sequence[StoredTable], look: Look) -> set[str]:
    """The codes that columns for currencies hold."""
    columns = [
        (table, one) for table in tables for one in table.columns if one.kind == "text" and _is_currency(one.name)
    ]
    found = {value for table, one in columns for value, _ in look.values(table.name, one, (), _MOST_VALUES)}
    return {value for value in found if _code(value)}


def _is_currency(name: str) -> bool:
    parts = words(name)
    return parts[-1:] in (["currency"], ["ccy"]) or parts[-2:] == ["currency", "code"]


def _amount(column: StoredColumn, money: Money) -> Guess:
    if column.kind == "float":
        return Guess("number", notes=(f"{column.spelled}: {FLOATING}",))
    if no_money(column.name):
        return Guess("number")
    if money.currency is None:
        return Guess("money")
    if column.name in money.bases:
        return Guess("money", (("base", money.bases[column.name]),))
    return Guess("number", notes=(CURRENCIES,))


def _values(column: StoredColumn, table: StoredTable, look: Look) -> tuple[str, ...]:
    """All that an enumeration allows, or the texts of a column that has few, each of them often; none if open."""
    if column.kind not in ("text", "texts") or words(column.name)[-1:] in (["id"], ["uuid"], ["key"]):
        return ()
    if column.range and all(map(_is_plain, column.range)):
        return column.range
    found = look.values(table.name, column, (), _MOST_VALUES + 1)
    rows = sum(times for _, times in found)
    few = 0 < len(found) <= _MOST_VALUES and rows >= _ROWS_PER_VALUE * len(found)
    plain = all(_is_plain(value) for value, _ in found)
    return tuple(sorted(value for value, _ in found)) if few and plain else ()


def _is_plain(value: str) -> bool:
    return bool(value.strip()) and len(value) <= _LONGEST_VALUE and value.isprintable()
