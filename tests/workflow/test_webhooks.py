"""Segments with a webhook: what moved is in the outbox, written with the members; the address is told by its host."""

from __future__ import annotations

from typing import Any

from segctl.plan.seal import as_text
from segctl.store import definitions, outbox, players
from segctl.store.engine import open_state, reading
from segctl.view.plan import plan_text
from tests.support.casino import ON_BOTH, Casino, change_of

pytestmark = ON_BOTH
HOOK = {"url": "https://hooks.example.com/t/canary-token", "secret": "${HOOK_SECRET}"}
VIP = {"vip_level": {"gte": 3}}


def waiting(casino: Casino) -> list[tuple[str, str, str, list[str]]]:
    """What is to be sent: segment, cause, direction and players."""
    with reading(open_state(casino.context().state)) as connection:
        names = {one.object_id: one.name for one in definitions.deployed(connection, archived=True).values()}
        return [
            (names[one.object_id], one.cause, one.direction, sorted(players.names(connection, one.players)))
            for one in outbox.waiting(connection)
        ]


def hooked(casino: Casino, **keys: Any) -> None:
    casino.segment("vip", VIP, webhook=HOOK, **keys)


def test_each_move_of_a_segment_with_a_webhook_waits_to_be_sent(casino: Casino) -> None:
    hooked(casino)
    casino.segment("silent", VIP)
    casino.apply()
    assert waiting(casino) == [("vip", "definition", "joined", ["dora", "gwen", "ines"])]

    casino.later(days=1)
    casino.change("anna", vip_level=4)
    casino.change("dora", vip_level=0)
    casino.refresh()

    assert waiting(casino)[1:] == [("vip", "data", "joined", ["anna"]), ("vip", "data", "left", ["dora"])]


def test_a_segment_that_ends_tells_who_left(casino: Casino) -> None:
    hooked(casino)
    casino.apply()
    casino.remove("vip")
    casino.apply()

    assert waiting(casino)[-1] == ("vip", "definition", "left", ["dora", "gwen", "ines"])


def test_adding_and_removing_a_webhook_moves_nobody(casino: Casino) -> None:
    casino.segment("vip", VIP)
    casino.apply()
    hooked(casino, schedule="15min")
    added = casino.plan()
    text = plan_text(added)

    assert change_of(added, "vip").actions == ("update",)
    assert "webhook: none → to hooks.example.com, signed with ${HOOK_SECRET}" in text
    assert "schedule: none → at most 15 minutes old" in text
    assert "canary-token" not in text + as_text(added)
    assert "Players:" not in text
    casino.apply()
    assert waiting(casino) == []
    assert "canary-token" not in " ".join(line for line in casino.stored() if "audit" in line or "version" in line)

    casino.change("anna", vip_level=4)
    casino.refresh()
    assert [one[3] for one in waiting(casino)] == [["anna"]]
    casino.segment("vip", VIP)
    casino.apply()
    casino.change("anna", vip_level=0)
    casino.refresh()
    assert [one[3] for one in waiting(casino)] == [["anna"]]


def test_another_address_on_the_same_host_is_a_change(casino: Casino) -> None:
    hooked(casino)
    casino.apply()
    casino.segment("vip", VIP, webhook={**HOOK, "url": "https://hooks.example.com/t/another"})

    assert change_of(casino.plan(), "vip").actions == ("update",)
