"""A `segctl run` as a process of its own: its lines of JSON, its pages, and the patience to wait for either."""

from __future__ import annotations

import json
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from tests.support.casino import Casino
from tests.support.console import SEGCTL, environment


class Worker:
    """A segctl run of its own, with its lines of JSON."""

    def __init__(self, casino: Casino, *arguments: str) -> None:
        self.log = casino.root / f"worker-{time.monotonic_ns()}.log"
        with self.log.open("w") as file:
            self.process = subprocess.Popen(
                [str(SEGCTL), "run", "--every", "0.2", "--listen", "127.0.0.1:0", *arguments],
                cwd=casino.root,
                env=environment(casino.root, **casino.variables),
                stdout=subprocess.DEVNULL,
                stderr=file,
            )

    def lines(self) -> list[dict[str, Any]]:
        whole = self.log.read_text().rpartition("\n")[0]
        return [json.loads(line) for line in whole.splitlines() if line.startswith("{")]

    def told(self, event: str, outcome: str | None = None) -> list[dict[str, Any]]:
        return [one for one in self.lines() if one["event"] == event and outcome in (None, one.get("outcome"))]

    def get(self, path: str) -> tuple[int, str]:
        try:
            with urllib.request.urlopen(
                f"http://{self.told('started')[0]['listening']}{path}", timeout=10
            ) as page:
                return page.status, page.read().decode()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.read().decode()


@contextmanager
def worker(casino: Casino, *arguments: str) -> Iterator[Worker]:
    one = Worker(casino, *arguments)
    try:
        yield one
    finally:
        one.process.kill()
        one.process.wait()


def until(met: Callable[[], object], said: Callable[[], object], seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not met():
        assert time.monotonic() < deadline, said()
        time.sleep(0.05)
