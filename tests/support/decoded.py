"""Everything a state holds, decoded: bitmaps as ids, blobs as text. To look for what must not be there."""

from __future__ import annotations

import json
import zlib
from array import array
from collections.abc import Mapping
from typing import Any

import pyarrow as pa
from pyroaring import BitMap

from segctl.store import ledger_page, timing
from segctl.store.engine import open_state, reading
from segctl.store.tables import METADATA
from tests.support.casino import Casino

Tables = Mapping[str, list[dict[str, Any]]]


def decoded(casino: Casino) -> Tables:
    """Every row of every table by column; players under their ids, `#7` for a number without one."""
    with reading(open_state(casino.context().state)) as connection:
        tables = {
            table.name: [
                dict(row) for row in connection.execute(table.select().order_by(*table.primary_key)).mappings()
            ]
            for table in METADATA.sorted_tables
        }
    ids = [one for row in tables["player_chunk"] for one in _ids(row["ids"])]
    for name, rows in tables.items():
        for row in rows:
            row.update(
                {key: _read(name, key, value, ids) for key, value in row.items() if isinstance(value, bytes)}
            )
    for row in tables["letter"]:
        row["number"] = ids[row["number"]] or f"#{row['number']}"
    return tables


def balance(tables: Tables, object_id: int) -> tuple[int, int, int]:
    """How many joined less how many left, by the history's counts; the members, by count and by name."""
    moves = [one for one in tables["change"] if one["object_id"] == object_id]
    told = sum(one["count"] if one["direction"] == "joined" else -one["count"] for one in moves)
    row = next(one for one in tables["membership"] if one["object_id"] == object_id)
    return told, row["count"], len(row["members"])


def _ids(stored: bytes) -> list[str | None]:
    with pa.ipc.open_stream(stored) as reader:
        return list(reader.read_next_batch().column(0).to_pylist())


def _read(table: str, column: str, value: bytes, ids: list[str | None]) -> Any:
    match table, column:
        case "player_chunk", "ids":
            return _ids(value)
        case "membership", "since":
            return list(array("q", zlib.decompress(value)))
        case (("membership" | "change" | "touched" | "outbox"), _):
            return [ids[number] or f"#{number}" for number in BitMap.deserialize(value)]
        case "ledger", _:
            return [ids[number] or f"#{number}" for number in ledger_page.decoded(value).players]
        case "timing", _:
            return list(timing.unpacked(value))
        case "private", "content":
            return json.loads(value)
        case "state", "secret":
            return value.hex()
        case _:
            return value.decode()
