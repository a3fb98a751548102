"""Lists of members as Parquet."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from segctl.files.atomic import replacing


def write_members(path: Path, ids: Sequence[str], since: Sequence[datetime | None]) -> None:
    """`player_id` (text) and `since` (UTC microseconds), in the order given. Raises: Refused."""
    columns = {"player_id": pa.array(ids, pa.string()), "since": pa.array(since, pa.timestamp("us", "UTC"))}
    with replacing(path) as part:
        pq.write_table(pa.table(columns), part)


def write_tables(path: Path, schema: Any, tables: Iterable[Any]) -> None:
    """Arrow tables of one schema, one after the other. Raises: Refused."""
    with replacing(path) as part, pq.ParquetWriter(part, schema) as writer:
        for table in tables:
            writer.write_table(table)
