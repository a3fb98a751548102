"""How far work of some seconds is: on a terminal a bar that goes away, elsewhere a line every two seconds."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from functools import partial

from segctl.cli.console import say
from segctl.view.progress import far, line
from segctl.workflow.context import Context
from segctl.workflow.progress import Progress, Watch

QUIET_SECONDS = 2.0


@contextmanager
def watched(context: Context, *, quiet: bool = False) -> Iterator[Context]:
    """The same context, with somebody who watches; nobody if `quiet`. Nothing else may be printed meanwhile."""
    if quiet:
        yield context
        return
    with watching() as watch:
        yield replace(context, watch=watch)


@contextmanager
def watching(*, quiet_seconds: float = QUIET_SECONDS) -> Iterator[Watch]:
    """What a run may tell its progress to. Nothing is shown before it took so long."""
    silent_since = time.monotonic()
    with ExitStack() as opened:
        shown: list[Watch] = []
        times: list[float] = []  # of the steps: from their pace the time left is told

        def watch(progress: Progress) -> None:
            nonlocal silent_since
            now = time.monotonic()
            if progress.done == 0:  # a part of the work begins, with a pace of its own
                times.clear()
            times.append(now)
            if now - silent_since < quiet_seconds:
                return
            if not shown:
                shown.append(opened.enter_context(bar()) if sys.stderr.isatty() else partial(_line, times))
            if not sys.stderr.isatty():
                silent_since = now
            shown[0](progress)

        yield watch


@contextmanager
def bar() -> Iterator[Watch]:
    """One bar on stderr: what, how far, time left."""
    with bars() as show:
        yield lambda progress: show("", progress)


@contextmanager
def bars() -> Iterator[Callable[[str, Progress], None]]:
    """A bar for each name."""
    from rich.console import Console
    from rich.progress import BarColumn, TaskID, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bars

    what = TextColumn("{task.description:<18}", markup=False)
    percent = TextColumn("{task.percentage:>3.0f} %")
    counts = TextColumn("{task.fields[counts]}", markup=False)
    columns = (what, BarColumn(), percent, TimeRemainingColumn(), counts)
    with Bars(*columns, console=Console(stderr=True), transient=True) as all_:
        tasks: dict[str, TaskID] = {}

        def show(name: str, progress: Progress) -> None:
            total = progress.total or None
            if name not in tasks:
                tasks[name] = all_.add_task(progress.what, total=total, counts="")
            all_.update(
                tasks[name], description=progress.what, completed=progress.done, total=total, counts=_far(progress)
            )

        yield show


def _line(times: Sequence[float], progress: Progress) -> None:
    """`times` are those at which the steps were told."""
    passed = times[-1] - times[0]
    left = passed / progress.done * (progress.total - progress.done) if progress.done and progress.total else None
    say(f"  {line(progress.what, progress.done, progress.total, _far(progress), left)}")


def _far(progress: Progress) -> str:
    return far(progress.rows, progress.players, progress.ready, progress.segments)
