"""segctl run"""

from __future__ import annotations

import signal
import threading
import time
from datetime import timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from segctl.cli.deliver import LOCK_SECONDS, Lock, tools_of
from segctl.cli.options import HERE, Chdir, Env
from segctl.cli.session import context_of, opened

if TYPE_CHECKING:
    from segctl.model.time import Duration
    from segctl.workflow.context import Context
    from segctl.workflow.duty import Work

LISTEN = "127.0.0.1:9464"
NEVER = "never"
Once = Annotated[bool, typer.Option("--once", help="One turn, for cron: exits 1 if something failed.")]
Every = Annotated[float, typer.Option("--every", help="Seconds between two looks at the state.", min=0.1)]
Usual = Annotated[
    str | None, typer.Option("--schedule", metavar="DURATION", help="Of segments that state none: 15min, 1h, 1d.")
]
FullEvery = Annotated[
    str, typer.Option("--full-every", metavar="DURATION", help="How often to look at every player; or never.")
]
Listen = Annotated[
    str, typer.Option("--listen", metavar="HOST:PORT", help="Where to answer /healthz and /metrics; or none.")
]


def run(
    once: Once = False,
    every: Every = 2.0,
    schedule: Usual = None,
    full_every: FullEvery = "1d",
    listen: Listen = LISTEN,
    env: Env = None,
    lock_timeout: Lock = LOCK_SECONDS,
    chdir: Chdir = HERE,
) -> int:
    """Keep an environment going: refresh what falls due by its schedule, and send what waits for webhooks.

    Several workers may run, on several machines: what one does, no other does. Each thing that was done or failed
    is a line of JSON on stderr. What fails is tried again, later each time; a database that is away is waited for.
    SIGTERM lets it finish what it does, and exit 0.

    \b
    Examples:
      segctl run --env production
      segctl run --schedule 1h --listen 0.0.0.0:9464
      segctl run --once --every 300          from cron, every five minutes
    """
    from segctl.workflow.duty import Work

    context = context_of(opened(chdir), env, author=True, lock_timeout=lock_timeout)
    stop = threading.Event()
    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGTERM, lambda *_: stop.set())
    usual = None if schedule is None else _duration(schedule)
    full = None if full_every == NEVER else _length(context, _duration(full_every))
    doing = Work(context, tools_of(stop), timedelta(seconds=every), usual, full)
    return _once(doing) if once else _on(doing, stop, listen)


def _once(doing: Work) -> int:
    from segctl.cli.worklog import Worklog
    from segctl.workflow.working import once

    log = Worklog()
    there = once(doing, lambda _: None, log.tell)
    return 0 if there and not log.failed else 1


def _on(doing: Work, stop: threading.Event, listen: str) -> int:
    from segctl.cli.listening import listening
    from segctl.cli.watched_worker import health_page, metrics_page
    from segctl.cli.worklog import Worklog
    from segctl.workflow.duty import Away, Came, Look
    from segctl.workflow.tally import Tally
    from segctl.workflow.working import work

    log, tally = Worklog(), Tally(beat=time.monotonic())

    def begins(duty: str | None) -> None:
        tally.begins(duty, time.monotonic())

    def tell(one: Came | Away | Look) -> None:
        tally.note(one, time.monotonic())
        log.tell(one)

    def wait(seconds: float) -> None:
        stop.wait(seconds)

    pages = {
        "/healthz": lambda: health_page(tally, doing),
        "/metrics": lambda: metrics_page(tally, doing),
    }
    with listening(listen, pages) as where:
        log.started(doing, where)
        work(doing, wait, begins, tell)
    log.stopped()
    return 0


def _duration(text: str) -> Duration:
    from segctl.base.errors import Refused
    from segctl.spec.stored import stored_duration

    try:
        return stored_duration(text)
    except ValueError:
        raise Refused(f"{text} is not a duration.", "Write it like 15min, 1h or 1d.") from None


def _length(context: Context, duration: Duration) -> timedelta:
    from segctl.model.staleness import ends

    return ends(context.at, duration, context.clock.zone) - context.at
