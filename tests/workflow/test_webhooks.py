"""Segments with a webhook: what moved is in the outbox, written with the members; the address is told by its host."""

from __future__ import annotations

from typing import Any

from segctl.plan.seal import as_text
from segctl.store import definitions, outbox, players
from segctl.store.engine import open_state, reading
from segctl.view.plan import plan_text
from segctl.workflow.apply import apply_planned
from segctl.workflow.plan import Planned
from segctl.workflow.story import audit_log
from tests.support.casino import ON_BOTH, Casino, change_of, refused

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


# how many are told, and whether


def asking(casino: Casino, above: int) -> None:
    settings = (casino.root / "segctl.yaml").read_text(encoding="utf-8")
    casino.write("segctl.yaml", f"{settings}webhooks: {{ask_above: {above}}}\n")


def planned_now(casino: Casino) -> Planned:
    made = casino.planned()
    assert isinstance(made, Planned)
    return made


def test_a_plan_says_how_many_messages_it_would_send(casino: Casino) -> None:
    hooked(casino)
    casino.segment("silent", VIP)
    casino.segment("both", {"in_segment": "vip"}, webhook=HOOK)
    plan = casino.plan()

    assert "Webhooks: 6 messages." in plan_text(plan)
    assert [change_of(plan, name).impact.messages for name in ("vip", "silent", "both")] == [3, None, 3]  # type: ignore[union-attr]
    casino.apply()
    casino.segment("vip", {"vip_level": {"gte": 2}}, webhook=HOOK)
    later = casino.plan()
    assert [one.impact.messages for one in later.secondary] == [2]
    assert "Webhooks: 4 messages." in plan_text(later)
    casino.remove("both")
    casino.segment("vip", VIP)
    assert "Webhooks: 3 messages." in plan_text(casino.plan()), "who ends tells; who lost its webhook does not"


def test_edits_that_would_send_many_messages_want_to_be_told_whether_to(casino: Casino) -> None:
    asking(casino, 2)
    hooked(casino)
    made = planned_now(casino)
    with refused(casino, "3 webhook messages, more than 2", "--webhooks", "--no-webhooks"):
        apply_planned(casino.context(), made)
    with refused(casino, "segctl apply FILE --webhooks"):
        casino.apply_saved(made.plan)

    receipt = apply_planned(casino.context(), made, telling=True).receipt

    assert (receipt.messages, receipt.unsent) == (3, 0)
    assert [one[3] for one in waiting(casino)] == [["dora", "gwen", "ines"]]


def test_an_apply_that_tells_nobody_moves_members_and_says_so_in_the_log(casino: Casino) -> None:
    asking(casino, 2)
    hooked(casino)
    receipt = apply_planned(casino.context(), planned_now(casino), telling=False).receipt

    assert (receipt.messages, receipt.unsent) == (0, 3)
    assert waiting(casino) == []
    assert casino.members("vip") == {"dora", "gwen", "ines"}
    assert audit_log(casino.context(), 1, None)[0].detail["unsent"] == 3
    casino.later(days=1)
    casino.change("anna", vip_level=4)
    casino.refresh()
    assert [one[3] for one in waiting(casino)] == [["anna"]], "the next run is told of again"


def test_what_time_alone_would_send_is_not_asked(casino: Casino) -> None:
    asking(casino, 2)
    casino.segment("vip", VIP)
    casino.apply()
    casino.later(days=1)
    for player in ("anna", "bert", "cara"):
        casino.change(player, vip_level=4)
    casino.segment("vip", {"vip_level": {"gte": 4}}, webhook=HOOK)
    plan = casino.plan()

    assert change_of(plan, "vip").impact.messages == 5  # type: ignore[union-attr]
    assert casino.apply().id
