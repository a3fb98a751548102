"""Arrow tables as the text that PostgreSQL's COPY reads, made a column at a time.

The format: https://www.postgresql.org/docs/current/sql-copy.html (Text Format).
"""

from __future__ import annotations

from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc

# the backslash first: the others bring some along
_ESCAPES: Final = (("\\", "\\\\"), ("\t", "\\t"), ("\n", "\\n"), ("\r", "\\r"))


def copy_text(table: Any) -> memoryview:
    """A line for each row. No value is looked at in Python."""
    columns = [_column(table.column(name)) for name in table.column_names]
    lines = pc.binary_join_element_wise(*columns, "\t", null_handling="replace", null_replacement="\\N")
    ended = pc.binary_join_element_wise(lines, "", "\n")
    offsets, data = ended.buffers()[1:]
    end = int.from_bytes(memoryview(offsets)[4 * len(ended) : 4 * len(ended) + 4], "little")
    return memoryview(data)[:end]


def _column(column: Any) -> Any:
    whole = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    if not pa.types.is_string(whole.type):
        return whole.cast(pa.string())
    for sign, escaped in _ESCAPES:
        whole = pc.replace_substring(whole, sign, escaped)
    return whole
