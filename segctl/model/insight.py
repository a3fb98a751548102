"""The figures that say what segments are worth, and which fields of the catalog mean them. Plain data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from segctl.model.catalog import Catalog, Metric
from segctl.model.operators import FieldType

# added up, averaged over who has a value, counted by text, or counted where all fields are true
FigureKind = Literal["sum", "mean", "top", "all"]
_NUMBERS: frozenset[FieldType] = frozenset(("integer", "number", "money"))
_TYPES: Mapping[FigureKind, frozenset[FieldType]] = {
    "sum": _NUMBERS,
    "mean": _NUMBERS,
    "top": frozenset(("string",)),
    "all": frozenset(("boolean",)),
}


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure by its name in `insights:` of segctl.yaml. Of several `fields`, all must be true."""

    name: str
    title: str
    kind: FigureKind
    fields: tuple[str, ...]


FIGURES = (
    Figure("deposit_count", "Deposits", "sum", ("total_deposit_count",)),
    Figure("deposit_amount", "Deposited", "sum", ("total_deposit_amount",)),
    Figure("withdrawal_count", "Withdrawals", "sum", ("total_withdrawal_count",)),
    Figure("withdrawal_amount", "Withdrawn", "sum", ("total_withdrawal_amount",)),
    Figure("ggr", "Gross gaming revenue", "sum", ("gross_gaming_revenue",)),
    Figure("age", "Average age", "mean", ("age",)),
    Figure("country", "Country", "top", ("country",)),
    Figure("email", "Reachable by e-mail", "all", ("consent_email", "allows_email")),
    Figure("sms", "Reachable by SMS", "all", ("consent_sms", "allows_sms")),
    Figure("push", "Reachable by push", "all", ("consent_push",)),
)


@dataclass(frozen=True, slots=True)
class Left:
    """A figure that is left out, and why."""

    name: str
    why: str


def chosen(catalog: Catalog, named: Mapping[str, tuple[str, ...]]) -> tuple[tuple[Figure, ...], tuple[Left, ...]]:
    """The figures that a catalog has fields for, and those it has not.

    `named` replaces the fields of a figure; no fields leave it out.
    """
    found: list[Figure] = []
    left: list[Left] = []
    for figure in FIGURES:
        fields = named.get(figure.name, figure.fields)
        why = next(_problems(figure.kind, fields, catalog), None)
        if not fields:
            continue
        if why is None:
            found.append(Figure(figure.name, figure.title, figure.kind, fields))
        else:
            left.append(Left(figure.name, why))
    return tuple(found), tuple(left)


def ranged(figure: Figure, catalog: Catalog) -> bool:
    """Does it mean something else in a window?"""
    return any(isinstance(catalog.field(name), Metric) for name in figure.fields)


def _problems(kind: FigureKind, fields: tuple[str, ...], catalog: Catalog) -> Iterator[str]:
    for name in fields:
        one = catalog.field(name)
        if one is None:
            yield f"the catalog has no field `{name}`"
        elif one.type not in _TYPES[kind]:
            yield f"`{name}` is {one.type}"
