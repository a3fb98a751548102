"""The address of a Spark Connect server: what Spark's client is to be told of it, and what segctl is.

`sc://host:15002?catalog=main&schema=casino` means tables of a catalog, `sc://host:15002?parquet=s3a://lake/casino`
a folder of Parquet that the cluster reads. Options of Spark's client (`use_ssl=true`, `token=…`) stand among the
others, or after `;` as Spark writes them: `sc://host:443/;use_ssl=true;token=…?catalog=main`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit

from segctl.base.errors import Refused

SCHEME = "sc://"
_PORT = 15002
_FORM = "Write `warehouse: sc://host:15002?catalog=…&schema=…` in segctl.yaml. More of it: docs/spark.md"
_PLAIN = ("use_ssl", "user_id", "user_agent")


@dataclass(frozen=True, slots=True)
class SparkAddress:
    """`options` are those of Spark's client, tokens and all, which nobody may see."""

    host: str
    port: int
    options: Mapping[str, str] = field(repr=False)
    catalog: str | None = None
    schema: str | None = None
    parquet: str | None = None

    @property
    def server(self) -> str:
        """Without its options."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{SCHEME}{host}:{self.port}"

    @property
    def secrets(self) -> tuple[str, ...]:
        """What is not to be repeated."""
        return tuple(value for name, value in self.options.items() if name not in _PLAIN)


def spark_address(url: str) -> SparkAddress:
    """Reads an address. Raises: Refused, without a word of it."""
    try:
        parts = urlsplit(url)
        port = parts.port or _PORT
    except ValueError:
        raise _unreadable() from None
    path, _, after = parts.path.partition(";")
    written = [*after.split(";"), *parts.query.split("&")]
    given = dict(_option(one) for one in written if one)
    if not parts.hostname or path.strip("/") or parts.username is not None or not all(given.values()):
        raise _unreadable()
    catalog, schema, parquet = (given.pop(name, None) for name in ("catalog", "schema", "parquet"))
    if parquet and (catalog or schema):
        raise Refused("A Spark warehouse is a folder of Parquet or the tables of a catalog, not both.", _FORM)
    return SparkAddress(parts.hostname, port, given, catalog, schema, parquet and parquet.rstrip("/"))


def _option(written: str) -> tuple[str, str]:
    name, _, value = written.partition("=")
    return unquote(name), unquote(value)


def _unreadable() -> Refused:
    return Refused("The warehouse's address is none of a Spark Connect server.", _FORM)
