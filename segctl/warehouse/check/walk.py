"""All checks of a catalog against its warehouse, in one pass."""

from __future__ import annotations

from collections.abc import Callable

from segctl.base.diagnostic import Diagnostic, in_reading_order
from segctl.model.catalog import Catalog
from segctl.spec.page import Page
from segctl.spec.places import Places
from segctl.warehouse.check.bench import Bench
from segctl.warehouse.check.indexes import missing_indexes
from segctl.warehouse.check.missing import missing_columns, missing_tables
from segctl.warehouse.check.players import one_row_each, player_key, same_ids
from segctl.warehouse.check.types import wrong_types
from segctl.warehouse.check.values import unlisted_values
from segctl.warehouse.look import Look

CHECKS: tuple[Callable[[Bench], None], ...] = (
    missing_tables,
    missing_columns,
    wrong_types,
    player_key,
    one_row_each,
    same_ids,
    unlisted_values,
    missing_indexes,
)


def checked(catalog: Catalog, places: Places, look: Look) -> tuple[Diagnostic, ...]:
    """Every mistake, in reading order. Raises: Refused, when the warehouse cannot answer."""
    bench = Bench(catalog, places, look.tables(), look, Page(places.file))
    for check in CHECKS:
        check(bench)
    return tuple(in_reading_order(bench.page.mistakes))
