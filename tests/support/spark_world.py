"""Writes the tables of a world as a folder of Parquet, which Spark is told to read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp
from typing import Any
from zlib import crc32

import pyarrow as pa
import pyarrow.parquet as pq

from segctl.model.catalog import Catalog
from segctl.model.facts import PlayerFacts
from segctl.model.membership import Ids
from tests.support.world import NO_ROWS, shuffled_tables

# Columns of one Arrow type come in every form that members may be made of, by their names.
TYPES: Mapping[pa.DataType, Sequence[pa.DataType]] = {
    pa.int64(): (pa.int64(), pa.int64(), pa.decimal128(20, 0)),
    pa.decimal128(18, 4): (pa.decimal128(18, 4), pa.decimal128(38, 4), pa.decimal128(38, 18)),
}


@contextmanager
def spark_warehouse(
    server: str, catalog: Catalog, players: Sequence[PlayerFacts], rows: Mapping[str, Ids] = NO_ROWS
) -> Iterator[str]:
    """The address of a warehouse that holds the world. Its folder is new each time: servers remember files."""
    folder = Path(mkdtemp(prefix="segctl-spark-"))
    try:
        write_parquet(folder, shuffled_tables(catalog, players, rows))
        yield f"{server}?parquet={folder}"
    finally:
        rmtree(folder)


def write_parquet(folder: Path, tables: Mapping[str, pa.Table]) -> None:
    """A file for each table, or a folder with a file, by its name."""
    for name, table in tables.items():
        fields = [field.with_type(_type(name, field)) for field in table.schema]
        if crc32(name.encode()) % 2:
            (folder / name).mkdir()
            path = folder / name / "part-0.parquet"
        else:
            path = folder / f"{name}.parquet"
        pq.write_table(table.cast(pa.schema(fields)), path, coerce_timestamps="us")


def _type(table: str, field: pa.Field) -> Any:
    kinds = TYPES.get(field.type, (field.type,))
    return kinds[crc32(f"{table}.{field.name}".encode()) % len(kinds)]
