"""A Spark Connect server for tests: Sail, in this process and on a port of its own, started when one is asked for.

`SEGCTL_TEST_SPARK` names another one, a real Spark for instance, which must see the same files.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

GIVEN = "SEGCTL_TEST_SPARK"


@contextmanager
def spark_connect() -> Iterator[str]:
    """The address of a server, without options."""
    if given := os.environ.get(GIVEN):
        yield given
        return
    os.environ.setdefault("RUST_LOG", "error")
    from pysail.spark import SparkConnectServer  # noqa: PLC0415 - a heavy library, for few tests

    server = SparkConnectServer(ip="127.0.0.1", port=0)
    server.start(background=True)
    try:
        host, port = server.listening_address
        yield f"sc://{host}:{port}"
    finally:
        server.stop()
