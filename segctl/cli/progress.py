"""How far long work is: on a terminal a bar that goes away, elsewhere a line a step. Short work stays quiet."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace

from segctl.cli.console import say
from segctl.workflow.context import Context
from segctl.workflow.progress import Progress, Watch

QUIET_SECONDS = 2.0


@contextmanager
def watched(context: Context) -> Iterator[Context]:
    """The same context, with somebody who watches. Nothing else may be printed meanwhile."""
    with watching() as watch:
        yield replace(context, watch=watch)


@contextmanager
def watching(*, quiet_seconds: float = QUIET_SECONDS) -> Iterator[Watch]:
    """What a run may tell its progress to. Nothing is shown before it took so long."""
    started = time.monotonic()
    with ExitStack() as opened:
        shown: list[Watch] = []

        def watch(progress: Progress) -> None:
            if time.monotonic() - started < quiet_seconds:
                return
            if not shown:
                shown.append(opened.enter_context(bar()) if sys.stderr.isatty() else _line)
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
    with Bars(
        what, BarColumn(), percent, TimeRemainingColumn(), console=Console(stderr=True), transient=True
    ) as all_:
        tasks: dict[str, TaskID] = {}

        def show(name: str, progress: Progress) -> None:
            if name not in tasks:
                tasks[name] = all_.add_task(progress.what, total=progress.total)
            all_.update(tasks[name], description=progress.what, completed=progress.done, total=progress.total)

        yield show


def _line(progress: Progress) -> None:
    say(f"  {progress.what} ({progress.done + 1} of {progress.total})")
