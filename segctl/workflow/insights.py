"""What segments are worth: one read of the warehouse for all of them, over the members that the state holds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pyroaring import BitMap

from segctl.base.errors import Refused
from segctl.members.numbering import Numbering
from segctl.members.sums import Crowd, add_flags, add_sums, add_texts, places_of
from segctl.members.values import Values, values
from segctl.model.catalog import Catalog
from segctl.model.insight import Figure, Left, chosen, ranged
from segctl.model.time import Lifetime, Rolling, Window
from segctl.sql.ask import ask
from segctl.sql.values import values_program
from segctl.store import definitions, membership
from segctl.view.insights import Insight, Insights
from segctl.warehouse.read import open_warehouse
from segctl.workflow.context import Context
from segctl.workflow.deployed import stored_catalog_of
from segctl.workflow.returns import numbering_of
from segctl.workflow.state import looking, readable_segment
from segctl.workflow.watched import Watched

Windows = tuple[Window, ...]
# what a figure is called where it is added up: its name, and which of the windows
_Name = tuple[Figure, int]


@dataclass(frozen=True, slots=True)
class _Plan:
    """What is read: for each figure and window its facts, by their place among those that are wanted."""

    catalog: Catalog
    figures: tuple[Figure, ...]
    left: tuple[Left, ...]
    windows: Windows
    wanted: tuple[tuple[str, Window], ...]
    places: Mapping[_Name, tuple[int, ...]]


def insights(
    context: Context, names: Sequence[str], during: Rolling | None, named: Mapping[str, tuple[str, ...]]
) -> Insights:
    """The figures of these segments and of all players, lifetime and `during`. Raises: Refused."""
    asked = tuple(dict.fromkeys(names))
    with looking(context) as connection:
        objects = [readable_segment(connection, name) for name in asked]
        held = membership.load(connection, [one.object_id for one in objects])
        catalog = stored_catalog_of(connection, definitions.deployed(connection))
        numbering = numbering_of(connection)
    if catalog is None:
        raise Refused("No catalog is deployed yet.", "Deploy first: segctl apply")
    plan = _plan(catalog, named, (Lifetime(),) if during is None else (Lifetime(), during))
    members = [held[one.object_id].members if one.object_id in held else BitMap() for one in objects]
    everyone, crowds = _read(context, plan, members, numbering)
    return Insights(
        figures=plan.figures,
        ranged=frozenset(figure.name for figure in plan.figures if ranged(figure, catalog)),
        left=plan.left,
        currency=catalog.currency,
        money=frozenset(figure.name for figure in plan.figures if _is_money(figure, catalog)),
        windows=len(plan.windows),
        at=context.now,
        everyone=Insight("", everyone.players, everyone),
        segments=tuple(
            Insight(one.name, len(mine), crowd, held[one.object_id].as_of if one.object_id in held else None)
            for one, mine, crowd in zip(objects, members, crowds, strict=True)
        ),
    )


def _plan(catalog: Catalog, named: Mapping[str, tuple[str, ...]], windows: Windows) -> _Plan:
    figures, left = chosen(catalog, named)
    wanted: dict[tuple[str, Window], int] = {}
    places: dict[_Name, tuple[int, ...]] = {}
    for figure in figures:
        for number, window in enumerate(windows if ranged(figure, catalog) else windows[:1]):
            fields = ((name, window) for name in figure.fields)
            places[figure, number] = tuple(wanted.setdefault(field, len(wanted)) for field in fields)
    return _Plan(catalog, figures, left, windows, tuple(wanted), places)


def _read(
    context: Context, plan: _Plan, members: Sequence[BitMap], numbering: Numbering
) -> tuple[Crowd, list[Crowd]]:
    """All players as one crowd, and the members of each segment."""
    program, facts = values_program(plan.wanted, plan.catalog)
    reads = ask(program, context.clock)
    crowds = [Crowd() for _ in members]
    everyone = Crowd()
    with open_warehouse(context.warehouse, context.clock.zone) as opened:
        read = Watched(opened, len(reads.questions) + 1, context.watch)
        for part in values(program, facts, reads, context.clock, read=read, numbering=numbering):
            _add(plan, facts, part, [BitMap(part.numbers), *members], [everyone, *crowds])
    return everyone, crowds


def _add(
    plan: _Plan, facts: tuple[int, ...], part: Values, members: Sequence[BitMap], crowds: Sequence[Crowd]
) -> None:
    count, places = len(part.numbers), places_of(members, part.numbers)
    for mine, crowd in zip(places, crowds, strict=True):
        crowd.players += len(mine)
    for (figure, window), wanted in plan.places.items():
        name, of = f"{figure.name} {window}", [part.facts[facts[place]] for place in wanted]
        match figure.kind:
            case "sum" | "mean":
                add_sums(name, of[0], count, places, crowds)
            case "top":
                add_texts(name, of[0], places, crowds)
            case "all":
                add_flags(name, of, count, places, crowds)


def _is_money(figure: Figure, catalog: Catalog) -> bool:
    field = catalog.field(figure.fields[0])
    return field is not None and field.type == "money"
