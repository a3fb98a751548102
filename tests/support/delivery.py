"""Delivering from a casino in a test: tools without chance, with the casino's clock."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any
from uuid import uuid4

from segctl.deliver.line import Patience
from segctl.store import endpoints, letters, outbox
from segctl.store.endpoints import Endpoint
from segctl.store.engine import open_state, reading
from segctl.store.letters import Letter
from segctl.workflow.deliver import Pass, deliver
from segctl.workflow.sending import Tools
from tests.support.casino import Casino
from tests.support.receiver import SECRET, Receiver

VIP = {"vip_level": {"gte": 3}}
LOOPBACK = "webhooks: {private_hosts: [127.0.0.1]}\n"


def hooked(casino: Casino, to: Receiver, name: str = "vip", rules: Any = None, **hook: Any) -> None:
    """A segment whose webhook goes to a receiver, which the settings allow."""
    settings = (casino.root / "segctl.yaml").read_text(encoding="utf-8")
    if "webhooks:" not in settings:
        casino.write("segctl.yaml", settings + LOOPBACK)
    variable = f"HOOK_{name.upper().replace('-', '_')}"
    casino.variables |= {variable: to.url, "HOOK_SECRET": SECRET}
    casino.segment(name, rules or VIP, webhook={"url": f"${{{variable}}}", "secret": "${HOOK_SECRET}", **hook})


def tools(casino: Casino, **given: Any) -> Tools:
    quick: dict[str, Any] = {"patience": Patience(1.0, 1.0), "roll": lambda: 0.5}
    return Tools(**{"worker": f"elsewhere/x/1/{uuid4().hex[:8]}", "now": lambda: casino.now, **quick, **given})


def delivered(casino: Casino, **given: Any) -> Pass:
    """One pass."""
    return deliver(casino.context(), tools(casino, **given))


def endpoint(casino: Casino) -> Endpoint:
    """The only one."""
    with reading(open_state(casino.context().state)) as connection:
        (one,) = endpoints.everyone(connection).values()
        return one


def undelivered(casino: Casino) -> Sequence[Letter]:
    with reading(open_state(casino.context().state)) as connection:
        return letters.everyone(connection)


def left(casino: Casino) -> int:
    """How many messages wait."""
    with reading(open_state(casino.context().state)) as connection:
        return sum(len(one.players) for one in outbox.waiting(connection))


Addresses = Callable[[str, int], Sequence[str]]
