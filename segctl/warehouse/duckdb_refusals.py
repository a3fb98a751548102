"""What DuckDB said, as a refusal."""

from __future__ import annotations

import re

import duckdb

from segctl.base.errors import Refused

_COLUMN = re.compile(r"when casting from source column ([A-Za-z_][A-Za-z0-9_]*)$")


def said(error: duckdb.Error) -> str:
    """What the engine said, in one line. What it says of values repeats them, so only kind and column are told."""
    first = str(error).splitlines()[0]
    if not isinstance(error, duckdb.DataError | duckdb.InvalidInputException):
        return first
    column = _COLUMN.search(first)
    kind = first.partition(":")[0]
    return f"{kind}: a value {f'of {column[1]} ' if column else ''}cannot be read as it is asked for."


def refusal(error: duckdb.Error, path: str) -> Refused:
    """Why a warehouse could not be read."""
    told = said(error)
    if isinstance(error, duckdb.CatalogException | duckdb.BinderException):
        return Refused(
            f"The warehouse {path} does not have what the catalog says: {told}",
            "Correct segments/catalog.yaml, or the warehouse.",
        )
    return Refused(f"The warehouse {path} could not answer: {told}")
