"""segctl deliver"""

from __future__ import annotations

import random
import signal
import threading
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from segctl.cli.options import HERE, Chdir, Env, Json
from segctl.cli.session import context_of, opened

if TYPE_CHECKING:
    from segctl.base.errors import Refused
    from segctl.view.delivery import Done
    from segctl.workflow.deliver import Pass
    from segctl.workflow.sending import Tools

# what was sent is not written before the lock is had: better late than twice
LOCK_SECONDS = 60.0
Watch = Annotated[bool, typer.Option("--watch", help="Go on until SIGTERM or Ctrl-C.")]
Every = Annotated[float, typer.Option("--every", help="With --watch, seconds between two looks.", min=0.1)]
Lock = Annotated[float, typer.Option("--lock-timeout", help="Seconds to wait for another writer.", min=0)]


def deliver(
    watch: Watch = False,
    every: Every = 2.0,
    json: Json = False,
    env: Env = None,
    lock_timeout: Lock = LOCK_SECONDS,
    chdir: Chdir = HERE,
) -> int:
    """Send what waits for the webhooks of segments: one message for each player who joined or left.

    One pass, for cron; with --watch a worker, of which several may run. What does not arrive is tried again later,
    in order for each player, for days: that a webhook is down is told, and is no failure of this command. Whatever
    happens to a worker, each message arrives at least once, always under the same id.

    \b
    Examples:
      segctl deliver
      segctl deliver --env production --json
      segctl deliver --watch --every 5
    """
    from segctl.cli.console import out
    from segctl.view.data import json_text
    from segctl.view.delivery import pass_data, pass_text

    context = context_of(opened(chdir), env, author=True, lock_timeout=lock_timeout)
    stop = threading.Event()
    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGTERM, lambda *_: stop.set())
    tools = tools_of(stop)
    if watch:
        from segctl.workflow.watching import watch as watched

        def wait(seconds: float) -> None:
            stop.wait(seconds)

        watched(context, tools, every, wait, lambda one: _tell(one, json=json))
        return 0
    from segctl.workflow.deliver import deliver as delivered

    done = _done(passed := delivered(context, tools))
    out(json_text(pass_data(done)) if json else pass_text(done, passed.seconds))
    return 0


def tools_of(stop: threading.Event) -> Tools:
    """The clock, chance, and a name for this process."""
    from segctl.store.worker import worker
    from segctl.workflow.sending import Tools

    return Tools(worker(), lambda: datetime.now(UTC), random.random, stop.is_set)


def _tell(one: Pass | Refused, *, json: bool) -> None:
    """A line for each pass in which something happened."""
    from segctl.base.errors import Refused
    from segctl.cli.console import flush, out, say
    from segctl.view.data import json_line
    from segctl.view.delivery import pass_data, pass_text
    from segctl.view.refusal import refusal_text

    if isinstance(one, Refused):
        say(refusal_text(one))
        return
    done = _done(one)
    if done.delivered or done.failed or done.dropped or done.stuck:
        out(json_line(pass_data(done)) if json else pass_text(done, one.seconds))
        flush()


def _done(one: Pass) -> Done:
    from segctl.view.delivery import Done, Stuck

    stuck = [Stuck(each.name, each.why, None if each.disabled else each.next_at) for each in one.down]
    told = one.told
    return Done(told.delivered, told.failed, told.dropped, one.waiting, one.webhooks, stuck)
