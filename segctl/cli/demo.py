"""segctl demo"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from segctl.cli.options import HERE, AsOf, Chdir, NoColor, instant
from segctl.cli.progress import bars
from segctl.workflow.load import Loaded
from segctl.workflow.progress import Progress as Shown

if TYPE_CHECKING:
    from segctl.demo.warehouse import Progress

STATE = ".segctl/state.db"


def demo(
    players: Annotated[int, typer.Option(help="How many players; each has about 50 events.", min=1)] = 20_000,
    seed: Annotated[int, typer.Option(help="The same seed and instant make the same casino.", min=0)] = 1,
    as_of: AsOf = None,
    no_color: NoColor = False,
    chdir: Chdir = HERE,
) -> int:
    """Make a demo warehouse and walk through validate, plan, apply and list.

    The warehouse is a DuckDB file of invented players, .segctl/demo.duckdb. In a folder that is no segctl
    project, the shipped library of segments is copied to segctl-demo/ first.

    \b
    Examples:
      segctl demo
      segctl demo --players 1000000 --seed 7
    """
    from segctl.cli.console import say
    from segctl.workflow.demo import demo_project, make_warehouse

    loaded = demo_project(chdir.resolve())
    now = instant(as_of)
    say(f"Project {loaded.root}\n")
    with _progress() as progress:
        path = make_warehouse(loaded.root, players=players, seed=seed, as_of=now, progress=progress)
    say(f"Made {path.relative_to(loaded.root)}: {players:,} players, {path.stat().st_size / 1e6:,.0f} MB.\n")
    return _walk(loaded, now, no_color=no_color)


def _walk(loaded: Loaded, now: datetime, *, no_color: bool) -> int:
    """The first commands, as one would type them. Stops at the first that fails.

    What an earlier demo deployed is refreshed as well, since its casino is gone.
    """
    from segctl.cli.apply import apply
    from segctl.cli.list import list_
    from segctl.cli.plan import plan
    from segctl.cli.refresh import refresh
    from segctl.cli.validate import validate

    root, at = loaded.root, now.isoformat()
    again = (root / STATE).exists()
    steps: list[tuple[str, Callable[[], int]]] = [
        ("segctl validate", lambda: validate(no_color=no_color, chdir=root)),
        ("segctl plan", lambda: plan(as_of=at, no_color=no_color, chdir=root)),
        ("segctl apply --auto-approve", lambda: apply(auto_approve=True, as_of=at, no_color=no_color, chdir=root)),
        *([("segctl refresh", lambda: refresh(as_of=at, chdir=root))] if again else []),
        ("segctl list", lambda: list_(chdir=root)),
    ]
    for command, step in steps:
        typer.echo(f"\n$ {command}\n")
        code = step()
        if code:
            return code
    go = "" if root == Path.cwd() else f"cd {os.path.relpath(root)} && "
    typer.echo(f"\nNow edit a file below segments/ and see what it would do:  {go}segctl plan")
    return 0


@contextmanager
def _progress() -> Iterator[Callable[[Progress], None]]:
    """A bar for each table on a terminal, a line for each elsewhere."""
    if not sys.stderr.isatty():
        yield _one_line_a_table()
        return
    with bars() as show:
        yield lambda one: show(one.table, Shown(one.table, one.done, one.total))


def _one_line_a_table() -> Callable[[Progress], None]:
    done: set[str] = set()

    def step(progress: Progress) -> None:
        if progress.done >= progress.total and progress.table not in done:
            done.add(progress.table)
            typer.echo(f"  {progress.table}", err=True)

    return step
