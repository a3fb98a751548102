"""What Spark says of a table's columns, and how their values are to be read."""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from segctl.base.errors import Refused
from segctl.model.tables import StoredKind
from segctl.sql.spark import SparkSpelling
from segctl.warehouse.spark_refusals import CATALOG, NotThere
from segctl.warehouse.spark_session import Session

_KINDS: dict[str, StoredKind] = {
    "string": "text",
    **dict.fromkeys(("tinyint", "smallint", "int", "bigint"), "integer"),
    **dict.fromkeys(("float", "double"), "float"),
    "boolean": "boolean",
    "date": "date",
    "timestamp": "instant",
    "timestamp_ntz": "naive",
    "array<string>": "texts",
}
_decimal = re.compile(r"decimal\(\d+,(\d+)\)").fullmatch
_collated = re.compile(r"string collate \w+").fullmatch
# how a column of type char(n) or varchar(n) says so; to Spark both are strings
_DECLARED = "__CHAR_VARCHAR_TYPE_STRING"


@dataclass(frozen=True, slots=True)
class SparkColumn:
    """A column: what it holds, its type in Spark's words, and how it is written in a statement."""

    name: str
    kind: StoredKind
    spelled: str
    spelling: SparkSpelling


def columns_of(session: Session, table: str) -> Mapping[str, SparkColumn]:
    """The columns of a table by lower-cased name, in their order. Raises: Refused; NotThere, for no table."""
    if session.address.parquet is not None:
        _give_name(session, session.address.parquet, table)
    fields = session.do(lambda: session.spark.table(quoted_table(table)).schema.fields)
    return {one.name.lower(): one for one in map(_column, fields)}


def spelling_of(found: Mapping[str, SparkColumn], table: str, name: str) -> SparkSpelling:
    """How to write a column. Raises: Refused, when it is not there or holds what segctl does not read."""
    one = found.get(name.lower())
    if one is None:
        raise Refused(f"The warehouse has no column {name} of {table}.", CATALOG)
    if one.kind == "other":
        raise Refused(
            f"{table}.{name} is {one.spelled}, which segctl does not read.",
            "Cast the column in a view, and name the view in segments/catalog.yaml.",
        )
    return one.spelling


def _give_name(session: Session, folder: str, table: str) -> None:
    """Calls `table` or `table.parquet` of a folder by the table's name, in this session alone. Raises: Refused."""
    for path in (f"{folder}/{table}", f"{folder}/{table}.parquet"):
        # a path that is not there is refused by some servers, and has no columns in others
        with suppress(Refused):
            frame = session.do(lambda path=path: session.spark.read.parquet(path))  # type: ignore[misc]
            if session.do(lambda frame=frame: frame.schema.fields):  # type: ignore[misc]
                session.do(lambda frame=frame: frame.createOrReplaceTempView(table))  # type: ignore[misc]
                return
    raise NotThere(f"The cluster reads neither {table} nor {table}.parquet in the folder of Parquet.", CATALOG)


def quoted_table(name: str) -> str:
    """A table's name in SQL."""
    return ".".join(map(quoted, name.split(".")))


def quoted(name: str) -> str:
    """A name in SQL."""
    escaped = name.replace("`", "``")
    return f"`{escaped}`"


def _column(field: Any) -> SparkColumn:
    stored = field.dataType.simpleString()
    declared = (field.metadata or {}).get(_DECLARED, stored)
    kind = _kind(stored)
    return SparkColumn(field.name, kind, declared, _spelling(kind, stored, declared))


def _kind(stored: str) -> StoredKind:
    decimal = _decimal(stored)
    if decimal:
        return "decimal" if int(decimal[1]) else "integer"
    return "text" if _collated(stored) else _KINDS.get(stored, "other")


def _spelling(kind: StoredKind, stored: str, declared: str) -> SparkSpelling:
    """Text is compared by its bytes, whatever the collation, and char(n) without the blanks at its end."""
    if kind == "text":
        read = "rtrim({})" if declared.startswith("char(") else "{}"
        return SparkSpelling(f"({read} COLLATE UTF8_BINARY)" if _collated(stored) else read)
    return SparkSpelling(integer=stored == "bigint", short=stored in ("tinyint", "smallint", "int"))
