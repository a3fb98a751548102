"""Several connections that look at one moment, so that a server with several processors answers several questions.

The first exports its snapshot and the others take it. They are opened when that pays, and when the server has none
to spare the first one answers alone.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import ExitStack, contextmanager, suppress
from queue import SimpleQueue
from typing import Any

from segctl.base.errors import Refused
from segctl.warehouse.postgres_link import Link, linked

LINKS = 3
# so many answers at most wait to be taken
_WAITING = 4
_TELL_AGAIN_SECONDS = 0.1
_SNAPSHOT = "SELECT CASE WHEN pg_is_in_recovery() THEN NULL ELSE pg_export_snapshot() END"
Asked = tuple[str, Sequence[Any]]


class Links:
    """Statements that are begun in the order in which they were told, and taken in that order."""

    def __init__(self, first: Link, url: str, stack: ExitStack) -> None:
        self.first = first
        self._url = url
        self._stack = stack
        self.all = [first]
        self._free: SimpleQueue[Link] = SimpleQueue()
        self._free.put(first)
        self._workers: ThreadPoolExecutor | None = None
        self._told: deque[Asked] = deque()
        self._begun: deque[tuple[Asked, Future[Any]]] = deque()

    def tell(self, asked: Sequence[Asked]) -> None:
        """What will be asked next. Raises: Refused."""
        if self._workers is None:
            self._open()
        self._told.extend(asked)
        self._begin()

    def ask(self, text: str, values: Sequence[Any]) -> Any:
        """The answer, begun before or not. Raises: Refused."""
        if not self._begun:
            return self.first.ask(text, values)
        asked, begun = self._begun.popleft()
        if asked[0] != text:
            raise RuntimeError("what was told ahead is asked in another order")
        try:
            answer = begun.result()
        except BaseException:
            self.stop([begun])
            raise
        self._begin()
        return answer

    def stop(self, more: Sequence[Future[Any]] = ()) -> None:
        """Ends all that runs."""
        self._told.clear()
        begun = [*more, *(future for _, future in self._begun)]
        self._begun.clear()
        for future in begun:
            future.cancel()
        while wait(begun, _TELL_AGAIN_SECONDS).not_done:
            for link in self.all:
                link.cancel()

    def _begin(self) -> None:
        while self._told and len(self._begun) < _WAITING and self._workers is not None:
            asked = self._told.popleft()
            self._begun.append((asked, self._workers.submit(self._answered, *asked)))

    def _answered(self, text: str, values: Sequence[Any]) -> Any:
        link = self._free.get()
        try:
            return link.ask(text, values)
        finally:
            self._free.put(link)

    def _open(self) -> None:
        ((snapshot,),) = self.first.rows(_SNAPSHOT)
        with suppress(Refused):
            for _ in range(LINKS - 1 if snapshot else 0):
                self.all.append(self._stack.enter_context(linked(self._url, snapshot)))
                self._free.put(self.all[-1])
        self._workers = self._stack.enter_context(ThreadPoolExecutor(max_workers=len(self.all)))
        self._stack.callback(self.stop)


@contextmanager
def all_linked(url: str) -> Iterator[Links]:
    """Connections to an address, for one moment of it. Raises: Refused."""
    with ExitStack() as stack:
        yield Links(stack.enter_context(linked(url)), url, stack)
