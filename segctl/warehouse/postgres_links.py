"""Several connections that look at one moment, so that a server with several processors answers several questions.

The first exports its snapshot and the others take it. They are opened when that pays, and when the server has none
to spare the first one answers alone.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import ExitStack, contextmanager, suppress
from itertools import chain, repeat
from queue import SimpleQueue
from typing import Any

from segctl.base.errors import Refused
from segctl.warehouse.postgres_link import Link, linked

LINKS = 3
_TELL_AGAIN_SECONDS = 0.1
_SNAPSHOT = "SELECT CASE WHEN pg_is_in_recovery() THEN NULL ELSE pg_export_snapshot() END"
Asked = tuple[str, Sequence[Any]]


class Links:
    """Statements that are begun in the order in which they were told; others may be asked in between."""

    def __init__(self, first: Link, url: str, stack: ExitStack) -> None:
        self.first = first
        self.all = [first]
        self._url = url
        self._stack = stack
        self._free: SimpleQueue[Link] = SimpleQueue()
        self._free.put(first)
        self._workers: ThreadPoolExecutor | None = None
        self._told: Iterator[tuple[Asked, bool]] = iter(())
        self._begun: deque[tuple[Asked, Future[Any]]] = deque()

    def open(self) -> None:
        """Opens the others, if they are not open: what is told from now on runs over all. Raises: Refused."""
        if len(self.all) > 1:
            return
        ((snapshot,),) = self.first.rows(_SNAPSHOT)
        with suppress(Refused):
            for _ in range(LINKS - 1 if snapshot else 0):
                self.all.append(self._stack.enter_context(linked(self._url, snapshot)))
                self._free.put(self.all[-1])

    def tell(self, asked: Iterable[Asked], *, alone: bool = False) -> None:
        """What will be asked next, mostly in this order. It is taken from `asked` when it is begun.

        `alone` says that the server shall not divide the work of a statement.
        """
        if self._workers is None:
            self._workers = self._stack.enter_context(ThreadPoolExecutor(max_workers=LINKS))
            self._stack.callback(self.stop)
        self._told = chain(self._told, zip(asked, repeat(alone)))
        self._begin()

    def ask(self, text: str, values: Sequence[Any], *, alone: bool = False) -> Any:
        """The answer, begun before or not. Raises: Refused."""
        begun = self._taken((text, values), alone)
        if begun is None:
            return self.first.ask(text, values, alone=alone)
        try:
            answer = begun.result()
        except BaseException:
            self.stop([begun])
            raise
        self._begin()
        return answer

    def stop(self, more: Sequence[Future[Any]] = ()) -> None:
        """Ends all that runs."""
        self._told = iter(())
        begun = [*more, *(future for _, future in self._begun)]
        self._begun.clear()
        for future in begun:
            future.cancel()
        while wait(begun, _TELL_AGAIN_SECONDS).not_done:
            for link in self.all:
                link.cancel()

    def _taken(self, asked: Asked, alone: bool) -> Future[Any] | None:  # noqa: FBT001 - as it was asked
        """The answer that is coming; None where nothing runs that it would have to wait for."""
        for place, (one, begun) in enumerate(self._begun):
            if one == asked:
                del self._begun[place]
                return begun
        if self._begun and self._workers is not None:
            return self._workers.submit(self._answered, *asked, alone)
        return None

    def _begin(self) -> None:
        """Begins what was told, one more than there are connections: each has the next when it is done."""
        while self._workers is not None and len(self._begun) <= len(self.all):
            told = next(self._told, None)
            if told is None:
                return
            asked, alone = told
            self._begun.append((asked, self._workers.submit(self._answered, *asked, alone)))

    def _answered(self, text: str, values: Sequence[Any], alone: bool) -> Any:  # noqa: FBT001 - of a worker's call
        link = self._free.get()
        try:
            return link.ask(text, values, alone=alone)
        finally:
            self._free.put(link)


@contextmanager
def all_linked(url: str) -> Iterator[Links]:
    """Connections to an address, for one moment of it. Raises: Refused."""
    with ExitStack() as stack:
        yield Links(stack.enter_context(linked(url)), url, stack)
