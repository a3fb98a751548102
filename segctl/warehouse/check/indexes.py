"""Event tables that a refresh would read whole, for want of an index. Engines that need none say so."""

from __future__ import annotations

from segctl.warehouse.check.bench import Bench


def missing_indexes(bench: Bench) -> None:
    """A refresh asks for the rows since an instant: by `ingested` and `updated`, or without them by time."""
    for name, event in bench.catalog.events.items():
        table = bench.tables.table(event.table)
        if table is None or table.indexes is None:
            continue
        moments = {"ingested": event.ingested, "updated": event.updated}
        wanted = {key: column for key, column in moments.items() if column} or {"time": event.time}
        for key, column in wanted.items():
            if bench.tables.column(table, column) and not any(index[:1] == (column,) for index in table.indexes):
                detail = (
                    f"No index of `{table.name}` begins with `{column}`, so each refresh reads the whole table."
                )
                help_line = f"CREATE INDEX ON {table.name} ({column})"
                bench.note("SEG321", ("events", name, key), detail, help_line)
