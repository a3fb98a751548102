"""The metrics that nearly everybody wants of an event table: how often, how much, first and last."""

from __future__ import annotations

from dataclasses import replace

from segctl.model.draft import DraftEntry, DraftEvent, DraftValue
from segctl.warehouse.infer.attributes import Names
from segctl.warehouse.infer.names import plural, spoken, title

Keys = tuple[tuple[str, DraftValue], ...]


def metrics_of(event: DraftEvent, what: list[str], currency: str, names: Names) -> list[DraftEntry]:
    """`what` is one row of the table in words."""
    one, several = "_".join(what), [*what[:-1], plural(what[-1])]
    many = spoken(several)
    closed = [column for column in event.columns if _closed(column)]
    dimensions: Keys = (("dimensions", tuple(column.name for column in closed)),) if closed else ()

    def made(name: str, measure: Keys, about: str, unit: str = "") -> DraftEntry:
        told: Keys = (("title", about), ("group", title(several)), *((("unit", unit),) if unit else ()))
        return DraftEntry(names.new(name), (("of", event.entry.name), *measure, *told))

    count = made(f"{one}_count", (("count", True), *dimensions), f"Number of {many}", many)
    found = [replace(count, notes=_some(closed))]
    for column in event.columns:
        if dict(column.keys)["type"] == "money":
            alone = column.name == "total"
            name = f"{one}_total" if alone else f"{one}_{column.name}_total"
            about = f"Total of all {many}" if alone else f"Total {spoken(column.name.split('_'))} of all {many}"
            found.append(made(name, (("sum", column.name), *dimensions), about, currency))
    time = dict(event.entry.keys)["time"]
    for measure in ("first", "last"):
        about = f"Date of the {measure} {spoken(what)}"
        found.append(made(f"{measure}_{one}_date", ((measure, time),), about))
    return found


def _some(closed: list[DraftEntry]) -> tuple[str, ...]:
    """How to count only some of the rows, said once for each table."""
    if not closed:
        return ()
    values = dict(closed[0].keys)["values"]
    example = values[0] if isinstance(values, tuple) else ""
    return (f"Of all rows. For a metric of some rows, add one with `where: {{{closed[0].name}: {example}}}`.",)


def _closed(column: DraftEntry) -> bool:
    keys = dict(column.keys)
    return keys["type"] == "string" and "values" in keys
