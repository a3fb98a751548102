from __future__ import annotations

from segctl.store.engine import writing
from segctl.store.private import erase, get, put


def test_contents_are_kept_until_they_are_erased(engine):
    with writing(engine, lock_timeout_seconds=0) as connection:
        put(connection, {"d1": b"one", "d2": b"two"})
        put(connection, {"d1": b"one", "d3": b""})
        erase(connection, ["d2", "d9"])

        assert [get(connection, digest) for digest in ("d1", "d2", "d3")] == [b"one", None, b""]
