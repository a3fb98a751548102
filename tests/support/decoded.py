"""Everything a state holds, decoded: bitmaps as ids, blobs as text. To look for what must not be there."""

from __future__ import annotations

import json
import sqlite3
import zlib
from array import array
from contextlib import closing
from pathlib import Path
from typing import Any

import pyarrow as pa
from pyroaring import BitMap


def decoded(path: Path) -> dict[str, list[dict[str, Any]]]:
    """Every row of every table by column; players under their ids, `#7` for a number without one."""
    with closing(sqlite3.connect(path)) as state:
        state.row_factory = sqlite3.Row
        names = [
            name for (name,) in state.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY 1")
        ]
        tables = {name: [dict(row) for row in state.execute(f'SELECT * FROM "{name}"')] for name in names}
    ids = [one for row in tables["player_chunk"] for one in _ids(row["ids"])]
    for name, rows in tables.items():
        for row in rows:
            row.update(
                {key: _read(name, key, value, ids) for key, value in row.items() if isinstance(value, bytes)}
            )
    return tables


def _ids(stored: bytes) -> list[str | None]:
    with pa.ipc.open_stream(stored) as reader:
        return list(reader.read_next_batch().column(0).to_pylist())


def _read(table: str, column: str, value: bytes, ids: list[str | None]) -> Any:
    match table, column:
        case "player_chunk", "ids":
            return _ids(value)
        case ("membership", "since"):
            return list(array("q", zlib.decompress(value)))
        case ("membership" | "change" | "touched", _):
            return [ids[number] or f"#{number}" for number in BitMap.deserialize(value)]
        case "private", "content":
            return json.loads(value)
        case "state", "secret":
            return value.hex()
        case _:
            return value.decode()
