"""Stored types that cannot be read as the declared ones: other kinds, floating money, times without a zone."""

from __future__ import annotations

from segctl.model.operators import FieldType
from segctl.model.tables import StoredColumn, StoredKind, StoredTable
from segctl.warehouse.check.bench import Bench
from segctl.warehouse.check.named import NamedColumn

# What can be read as each type; members/columns.py refuses all else.
READS: dict[FieldType, tuple[StoredKind, ...]] = {
    "string": ("text",),
    "list": ("text", "texts"),
    "boolean": ("boolean",),
    "date": ("date",),
    "datetime": ("instant", "naive"),
    "number": ("integer", "decimal", "float"),
    "integer": ("integer",),
    "money": ("integer", "decimal"),
}
_FITTING: dict[StoredKind, str] = {
    "text": "Write `type: string`",
    "texts": "Write `type: list`",
    "integer": "Write `type: integer`",
    "decimal": "Write `type: number` (`money`, if it is an amount)",
    "float": "Write `type: number`",
    "boolean": "Write `type: boolean`",
    "date": "Write `type: date`",
    "instant": "Write `type: datetime`",
    "naive": "Write `type: datetime`, with `timezone:`",
}


def wrong_types(bench: Bench) -> None:
    """Each column that exists and says of which type it should be."""
    for named, table, column in bench.found():
        if named.type is None:
            continue
        if column.kind not in READS[named.type]:
            _note(bench, named, table, column)
        elif named.type == "datetime":
            _zones(bench, named, table, column)


def _note(bench: Bench, named: NamedColumn, table: StoredTable, column: StoredColumn) -> None:
    stored = f"`{table.name}.{column.name}`"
    if named.type == "money" and column.kind == "float":
        bench.note(
            "SEG314",
            named.path,
            f"{named.what[:1].upper()}{named.what[1:]} is money, and {stored} is {column.spelled}.",
            "Store it as DECIMAL, or as whole cents: sums of floating point differ from run to run.",
            "Until then `type: number` lets rules compare it, but not add it up.",
        )
        return
    detail = (
        f"{named.what[:1].upper()}{named.what[1:]} is declared as {named.type}, and {stored} is {column.spelled}."
    )
    bench.note("SEG313", named.path, detail, _way_out(named, column))


def _way_out(named: NamedColumn, column: StoredColumn) -> str:
    if "where" in named.path:
        return "Cast the column to text in a view."
    if named.path[-1] in ("time", "ingested", "updated", "updated_at"):
        return "Name a column that holds timestamps, or cast it in a view."
    fitting = _FITTING.get(column.kind, "")
    return f"{fitting}, or cast the column in a view." if fitting else "Cast the column in a view."


def _zones(bench: Bench, named: NamedColumn, table: StoredTable, column: StoredColumn) -> None:
    """An instant has a zone, or the catalog has: never none, and never both."""
    stored = f"`{table.name}.{column.name}`"
    if column.kind == "naive" and named.timezone is None and not _time_says_it(bench, named):
        detail = f"{stored} is {column.spelled}, without a time zone, and the catalog does not say which it was."
        bench.note("SEG315", named.path, detail, _declare(named))
    elif column.kind == "instant" and named.timezone is not None and named.strict:
        at = (*named.path[:2], "timezone")
        detail = f"{stored} has a time zone of its own, and the catalog declares {named.timezone}."
        bench.note("SEG316", at, detail, "Remove `timezone:`; it is for timestamps without a zone.")


def _time_says_it(bench: Bench, named: NamedColumn) -> bool:
    """One declaration serves a whole event, so it is asked for once, at the event's time."""
    if named.path[0] != "events" or named.path[2] == "time":
        return False
    event = bench.catalog.events[named.path[1]]
    table = bench.tables.table(event.table)
    time = bench.tables.column(table, event.time) if table else None
    return time is not None and time.kind == "naive"


def _declare(named: NamedColumn) -> str:
    return f"Say of the {named.path[0].removesuffix('s')} in which zone its clock stood, e.g. `timezone: UTC`."
