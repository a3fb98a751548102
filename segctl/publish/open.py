"""Opening a mirror by its address."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from segctl.base.address import kind
from segctl.base.errors import Refused
from segctl.publish.mirror import Mirror

DUCKDB: Final = "duckdb:///"
PARQUET: Final = "parquet:///"
_POSTGRES: Final = ("postgresql://", "postgres://")


@contextmanager
def open_mirror(address: str, schema: str, lock_timeout_seconds: float) -> Iterator[Mirror]:
    """A pass over a mirror, alone: who comes meanwhile waits. Nothing is kept unless it is finished.

    Raises: Refused, for other addresses, and when the mirror cannot be opened.
    """
    if address.startswith(_POSTGRES):
        if find_spec("psycopg") is None:
            raise Refused(
                "PostgreSQL needs drivers that are not installed.",
                "Install them with: pip install 'segctl[postgres]'",
            )
        from segctl.publish.postgres import checked, open_postgres  # noqa: PLC0415 - its driver is an extra

        with open_postgres(address, checked(schema), lock_timeout_seconds) as mirror:
            yield mirror
    elif address.startswith(DUCKDB):
        from segctl.publish.duckdb import open_duckdb  # noqa: PLC0415 - one of several

        with open_duckdb(Path(address.removeprefix(DUCKDB)), schema, lock_timeout_seconds) as mirror:
            yield mirror
    elif address.startswith(PARQUET):
        from segctl.publish.parquet import open_parquet  # noqa: PLC0415 - one of several

        with open_parquet(Path(address.removeprefix(PARQUET)), lock_timeout_seconds) as mirror:
            yield mirror
    else:
        raise Refused(
            f"Tables cannot be published to an address {kind(address)}.",
            "Write `postgresql://user@host/database`, `duckdb:///file.duckdb` or `parquet:///folder`.",
        )
