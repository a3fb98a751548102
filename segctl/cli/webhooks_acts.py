"""segctl webhooks replay, disable, enable, test"""

from __future__ import annotations

import threading
from datetime import UTC, datetime
from typing import Annotated

import typer

from segctl.cli.options import HERE, Chdir, Env, Json, LockTimeout
from segctl.cli.session import LOCK_TIMEOUT_SECONDS, context_of, opened

Name = Annotated[str, typer.Argument(metavar="NAME", help="The segment whose webhook is meant.")]


def replay(
    name: Name,
    ids: Annotated[
        list[str] | None,
        typer.Option("--id", help="Only this message, dead or not. May be repeated.", show_default=False),
    ] = None,
    json: Json = False,
    env: Env = None,
    lock_timeout: LockTimeout = LOCK_TIMEOUT_SECONDS,
    chdir: Chdir = HERE,
) -> int:
    """Have the dead messages of a webhook tried again, in their order, by the next deliver. Kept in the audit log.

    \b
    Examples:
      segctl webhooks replay vip
      segctl webhooks replay vip --id msg_5c0357885d4269abe56f13ffa756987a
    """
    from segctl.cli.console import out
    from segctl.view.data import json_text
    from segctl.view.figures import counted
    from segctl.view.safe import safe
    from segctl.workflow.webhooks import replayed

    context = context_of(opened(chdir), env, author=True, lock_timeout=lock_timeout)
    number = replayed(context, name, ids or (), datetime.now(UTC))
    told = counted(number, "message is", "messages are")
    text = f"{told} tried again for {safe(name)}. To send now:  segctl deliver"
    out(json_text({"name": name, "messages": number}) if json else text)
    return 0


def disable(
    name: Name,
    reason: Annotated[str, typer.Option("--reason", help="Why. Kept in the audit log.")] = "",
    json: Json = False,
    env: Env = None,
    lock_timeout: LockTimeout = LOCK_TIMEOUT_SECONDS,
    chdir: Chdir = HERE,
) -> int:
    """Send nothing to a webhook until it is enabled. Who joins and leaves meanwhile waits. Kept in the audit log.

    \b
    Examples:
      segctl webhooks disable vip
      segctl webhooks disable vip --reason "CRM migrates until Friday"
    """
    from segctl.cli.console import out
    from segctl.view.data import json_text
    from segctl.view.safe import safe
    from segctl.workflow.webhooks import disabled_by_hand

    context = context_of(opened(chdir), env, author=True, lock_timeout=lock_timeout)
    disabled_by_hand(context, name, reason, datetime.now(UTC))
    text = f"Nothing is sent to the webhook of {safe(name)}. To undo:  segctl webhooks enable {safe(name)}"
    out(json_text({"name": name, "standing": "disabled"}) if json else text)
    return 0


def enable(
    name: Name,
    json: Json = False,
    env: Env = None,
    lock_timeout: LockTimeout = LOCK_TIMEOUT_SECONDS,
    chdir: Chdir = HERE,
) -> int:
    """Send to a webhook again that was disabled, is gone or given up; a failing one is tried at once.

    What waited is sent in order by the next deliver. Kept in the audit log.

    \b
    Examples:
      segctl webhooks enable vip
    """
    from segctl.cli.console import out
    from segctl.view.data import json_text
    from segctl.view.safe import safe
    from segctl.workflow.webhooks import enabled

    context = context_of(opened(chdir), env, author=True, lock_timeout=lock_timeout)
    enabled(context, name, datetime.now(UTC))
    text = f"The webhook of {safe(name)} is sent to again. To send now:  segctl deliver"
    out(json_text({"name": name, "standing": "active"}) if json else text)
    return 0


def try_(name: Name, json: Json = False, env: Env = None, chdir: Chdir = HERE) -> int:
    """Send one message that tells of nobody (action Test, player segctl-test), and say what came. Writes nothing.

    Exits 1 if it did not arrive.

    \b
    Examples:
      segctl webhooks test vip
      segctl webhooks test vip --json
    """
    from segctl.cli.console import out
    from segctl.cli.deliver import tools_of
    from segctl.view.data import json_text
    from segctl.view.safe import safe
    from segctl.workflow.webhooks import tried

    hook, answer = tried(context_of(opened(chdir), env), name, tools_of(threading.Event()))
    arrived = answer.verdict == "delivered"
    told = {"delivered": arrived, "status": answer.status, "outcome": answer.outcome}
    text = f"{'Arrived' if arrived else 'Did not arrive'} at {safe(hook.where)}: {safe(answer.outcome)}."
    out(json_text({"name": name, "to": hook.where, **told}) if json else text)
    return 0 if arrived else 1
