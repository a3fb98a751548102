"""A cursor as the JSON that a mirror keeps, and back. Pure."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any, get_args

from segctl.publish.mirror import Cursor, Standing


def kept_text(cursor: Cursor) -> str:
    """Segments as lists of id, name and standing, by id."""
    rows = [[key, name, cursor.standings[key]] for key, name in sorted(cursor.names.items())]
    return json.dumps({"audit": [cursor.seq, cursor.hash], "segments": rows})


def cursor_of(lineage: Any, serial: Any, at: datetime, kept: str) -> Cursor:
    """What was kept. Raises: ValueError, TypeError, KeyError."""
    found = json.loads(kept)
    seq, hash_ = found["audit"]
    rows = [(int(key), str(name), _standing(standing)) for key, name, standing in found["segments"]]
    return Cursor(
        str(lineage),
        int(serial),
        at,
        int(seq),
        str(hash_),
        {key: name for key, name, _ in rows},
        {key: standing for key, _, standing in rows},
    )


def _standing(text: str) -> Standing:
    known: dict[str, Standing] = {one: one for one in get_args(Standing)}
    return known[text]
