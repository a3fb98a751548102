"""Delivering: what receivers hear, in which order, and what happens when they are down, wrong, slow or gone."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Callable
from datetime import timedelta

import pytest

from segctl.base.errors import Refused
from segctl.store.audit import Logged
from segctl.workflow.story import audit_log
from segctl.workflow.webhooks import disabled_by_hand, enabled, listed, replayed, tried, undelivered
from tests.support.casino import ON_BOTH, Casino
from tests.support.casino_facts import SETTINGS, START
from tests.support.decoded import decoded
from tests.support.delivery import LOOPBACK, VIP, delivered, endpoint, hooked, left, tools
from tests.support.delivery import undelivered as letters
from tests.support.receiver import SECRET, Got, Receiver, good, receiver, status

pytestmark = ON_BOTH
VIPS = {"dora", "gwen", "ines"}


def moved(casino: Casino, **levels: int) -> None:
    """A minute later players have other levels, and segments know."""
    casino.later(minutes=1)
    for player, level in levels.items():
        casino.change(player, vip_level=level)
    casino.refresh()


def log(casino: Casino) -> list[Logged]:
    return [one for one in audit_log(casino.context(), 100, None) if one.action.startswith("webhook")]


def refuses(*players: str, code: int = 400) -> Callable[[Got, socket.socket], bool]:
    """A receiver that has something against some players."""

    def answer(got: Got, connection: socket.socket) -> bool:
        return (status(code) if got.said["playerId"] in players else good)(got, connection)

    return answer


# what is heard


def test_a_receiver_hears_of_each_move_once_and_knows_the_members(casino: Casino) -> None:
    with receiver() as to:
        hooked(casino, to)
        casino.segment("silent", VIP)
        casino.apply()
        first = delivered(casino)
        moved(casino, dora=0, anna=4)
        second = delivered(casino)
        third = delivered(casino)

        assert (first.told.delivered, second.told.delivered, third.told.delivered) == (3, 2, 0)
        assert sorted(to.said[:3]) == [("Added", one) for one in sorted(VIPS)]
        assert sorted(to.said[3:]) == [("Added", "anna"), ("Removed", "dora")]
        assert to.members == casino.members("vip") == {"anna", "gwen", "ines"}
        assert left(casino) == 0


def test_a_body_has_the_number_and_the_title_of_the_segment_and_the_instant_of_the_run(casino: Casino) -> None:
    with receiver() as to:
        hooked(casino, to)
        casino.apply()
        casino.later(days=3)
        delivered(casino)

        said = to.got[0].said
        assert (said["time"], said["segmentTitle"]) == ("2025-03-01 12:00:00", "vip")
        assert said["segmentId"] == endpoint(casino).object_id
        assert to.got[0].headers["webhook-timestamp"] == str(int(casino.now.timestamp()))


def test_full_bodies_and_batches_are_what_a_segment_asks_for(casino: Casino) -> None:
    with receiver() as to:
        hooked(casino, to, body="full", batch=2)
        casino.apply()
        done = delivered(casino)

        assert done.told.delivered == 3
        batches = [one.said["messages"] for one in to.got]
        assert sorted(len(one) for one in batches) == [1, 2]
        assert {one["playerId"] for batch in batches for one in batch} == VIPS
        assert {(one["segmentName"], one["cause"], one["run"]) for batch in batches for one in batch} == {
            ("vip", "definition", 1)
        }


def test_an_archived_segment_tells_who_left(casino: Casino) -> None:
    with receiver() as to:
        hooked(casino, to)
        casino.apply()
        delivered(casino)
        casino.remove("vip")
        casino.apply()
        delivered(casino)

        assert to.members == set()
        assert to.balance == {}


def test_who_takes_a_webhook_out_of_a_segment_is_told_no_more(casino: Casino) -> None:
    with receiver() as to:
        hooked(casino, to)
        casino.apply()
        casino.segment("vip", VIP)
        casino.later(minutes=1)
        casino.apply()
        done = delivered(casino)

        assert done.told.dropped == 3
        assert (to.got, left(casino)) == ([], 0)


# order


def test_nothing_of_a_player_overtakes_what_is_still_to_be_said(casino: Casino) -> None:
    with receiver(refuses("dora")) as to:
        hooked(casino, to)
        casino.apply()
        delivered(casino)
        moved(casino, dora=0, anna=4)
        moved(casino, dora=3, anna=0)
        for _ in range(4):
            delivered(casino)
        assert [one for one in to.said if one[1] == "dora"] == [("Added", "dora")]
        assert [one for one in to.said if one[1] == "anna"] == [("Added", "anna"), ("Removed", "anna")]

        to.answer = good
        casino.later(hours=1)
        delivered(casino)

        assert [one for one in to.said if one[1] == "dora"] == [
            ("Added", "dora"),
            ("Removed", "dora"),
            ("Added", "dora"),
        ]
        assert to.members == casino.members("vip") == VIPS


def test_each_attempt_has_the_same_id(casino: Casino) -> None:
    with receiver(refuses("dora", code=422)) as to:
        hooked(casino, to)
        casino.apply()
        for _ in range(3):
            delivered(casino)
            casino.later(hours=1)

        tried = [one for one in to.got if one.said["playerId"] == "dora"]
        assert len(tried) == 3
        assert len({one.id for one in tried}) == 1
        assert len({one.headers["webhook-timestamp"] for one in tried}) == 3
        assert [one.attempts for one in letters(casino)] == [3]


# receivers that are down


def test_a_receiver_that_is_down_is_tried_later_and_later(casino: Casino) -> None:
    with receiver(status(503)) as to:
        hooked(casino, to)
        casino.apply()
        waits = []
        for _ in range(4):
            done = delivered(casino)
            assert [one.why for one in done.down] == ["answered 503 (not available)"]
            before = len(to.got)
            assert delivered(casino).told.delivered == 0
            assert len(to.got) == before, "not before it is time"
            at = endpoint(casino).next_at
            assert at is not None
            waits.append((at - casino.now).total_seconds())
            casino.now = at
        assert waits == [5, 20, 80, 320]

        to.answer = good
        assert delivered(casino).told.delivered == 3
        assert (endpoint(casino).failures, endpoint(casino).next_at, letters(casino)) == (0, None, [])
        assert to.members == VIPS


def test_what_retry_after_asks_for_is_waited(casino: Casino) -> None:
    with receiver(status(429, "Retry-After: 600")) as to:
        hooked(casino, to)
        casino.apply()
        delivered(casino)

        assert endpoint(casino).next_at == casino.now + timedelta(minutes=10)


def test_a_receiver_that_is_down_is_asked_one_thing_at_a_time(casino: Casino) -> None:
    with receiver(status(500)) as to:
        hooked(casino, to, rules={"any": [{"country": {"is_set": True}}, {"country": {"is_set": False}}]})
        casino.apply()
        delivered(casino)
        first = len(to.got)
        casino.later(minutes=1)
        delivered(casino)

        assert 5 <= first <= 10
        assert len(to.got) == first + 1


def test_one_message_that_is_refused_does_not_stop_the_others(casino: Casino) -> None:
    with receiver(refuses("dora", code=500)) as to:
        hooked(casino, to)
        casino.apply()
        done = delivered(casino)

        assert (done.told.delivered, done.told.failed, done.down) == (2, 1, [])
        assert endpoint(casino).failures == 0


def test_a_dead_receiver_does_not_hold_up_another(casino: Casino) -> None:
    free = threading.Event()

    def hang(_got: Got, _connection: socket.socket) -> bool:
        free.wait(30)
        return False

    def heard(got: Got, connection: socket.socket) -> bool:
        if len({one.id for one in alive.got}) == 3:
            free.set()
        return good(got, connection)

    with receiver(hang) as dead, receiver(heard) as alive:
        hooked(casino, dead, "a-dead-one")
        hooked(casino, alive, "the-living")
        casino.apply()
        done = delivered(casino)

        assert free.is_set(), "all of the living was delivered while the dead one hung"
        assert done.told.delivered == 3
        assert [one.name for one in done.down] == ["a-dead-one"]


def test_a_receiver_that_is_gone_is_disabled_and_said_so(casino: Casino) -> None:
    with receiver(status(410)) as to:
        hooked(casino, to)
        casino.apply()
        done = delivered(casino)
        casino.later(days=1)
        tries = len(to.got)
        again = delivered(casino)

        assert [one.disabled for one in done.down] == ["gone"]
        assert (again.told.delivered, len(to.got), left(casino)) == (0, tries, 3)
        assert [(one.action, one.address, one.detail) for one in log(casino)] == [
            ("webhook disable", "segment.vip", {"why": "gone"})
        ]

        to.answer = good
        enabled(casino.context(), "vip", casino.now)
        assert delivered(casino).told.delivered == 3
        assert [one.action for one in log(casino)] == ["webhook enable", "webhook disable"]


def test_after_days_without_a_success_it_is_given_up_and_what_moves_waits(casino: Casino) -> None:
    with receiver(status(500)) as to:
        hooked(casino, to)
        casino.apply()
        while endpoint(casino).disabled is None:
            delivered(casino)
            casino.later(hours=2)
        moved(casino, anna=4)

        assert timedelta(days=5) <= casino.now - START < timedelta(days=6)
        assert endpoint(casino).disabled == "failing"
        assert left(casino) == 4
        assert len(to.got) < 60
        assert [one.dead for one in letters(casino)] == [False] * len(letters(casino))

        to.answer = good
        enabled(casino.context(), "vip", casino.now)
        delivered(casino)
        assert to.members == casino.members("vip")


def test_another_address_is_another_chance(casino: Casino) -> None:
    with receiver(status(410)) as gone, receiver() as new:
        casino.write("segctl.yaml", SETTINGS + LOOPBACK)
        casino.variables |= {"HOOK_SECRET": SECRET, "OLD": gone.url, "NEW": new.url}
        casino.segment("vip", VIP, webhook={"url": "${OLD}"})
        casino.apply()
        delivered(casino)
        casino.segment("vip", VIP, webhook={"url": "${NEW}"})
        casino.later(minutes=1)
        casino.apply()
        delivered(casino)

        assert new.members == VIPS


@pytest.mark.parametrize(
    ("variables", "why"),
    [
        ({"HOOK_SECRET": "hunter2"}, "the variable HOOK_SECRET holds no key"),
        ({"HOOK_VIP": "https://localhost/x"}, "its host has a loopback address"),
        ({"HOOK_VIP": "http://hooks.example.com/"}, "http, which only a host in `private_hosts` may have"),
    ],
)
def test_what_is_set_up_wrongly_is_said_and_waits(casino: Casino, variables: dict[str, str], why: str) -> None:
    with receiver() as to:
        hooked(casino, to)
        casino.apply()
        right = dict(casino.variables)
        casino.variables |= variables
        done = delivered(casino)
        assert [why in one.why for one in done.down] == [True], done.down
        assert letters(casino) == [] or "HOOK_VIP" in variables

        casino.variables |= right
        casino.later(minutes=1)
        delivered(casino)
        assert to.members == VIPS


# dead letters


def test_a_message_that_is_refused_for_days_is_dead_until_it_is_replayed(casino: Casino) -> None:
    with receiver(refuses("dora")) as to:
        hooked(casino, to)
        casino.apply()
        delivered(casino)
        while not letters(casino)[0].dead:
            casino.now = letters(casino)[0].next_at
            moved(casino, anna=4 if "anna" not in casino.members("vip") else 0)
            delivered(casino)
        moved(casino, dora=0)
        casino.later(days=2)
        tries = len(to.got)
        delivered(casino)

        assert len(to.got) == tries, "a dead one is left alone, and nothing overtakes it"
        assert [(one.standing, one.dead, one.waiting) for one in listed(casino.context())] == [("active", 1, 2)]
        (found,) = undelivered(casino.context(), "vip")
        assert found.letter.attempts > 8
        assert "dora" not in repr(found)

        to.answer = good
        assert replayed(casino.context(), "vip", [], casino.now) == 1
        for _ in range(2):
            delivered(casino)
        assert [one for one in to.said if one[1] == "dora"] == [("Added", "dora"), ("Removed", "dora")]
        assert to.members == casino.members("vip")
        assert [(one.action, one.detail) for one in log(casino)] == [("webhook replay", {"messages": 1})]


def test_what_cannot_be_delivered_is_kept_for_a_while_and_not_for_ever(casino: Casino) -> None:
    with receiver(status(410)) as to:
        hooked(casino, to)
        casino.apply()
        delivered(casino)
        casino.later(days=29)
        assert delivered(casino).told.dropped == 0
        casino.later(days=2)
        done = delivered(casino)

        assert (done.told.dropped, left(casino), letters(casino)) == (3, 0, [])
        assert endpoint(casino).dropped == 3


# by hand


def test_a_webhook_is_disabled_and_enabled_by_hand(casino: Casino) -> None:
    with receiver() as to:
        hooked(casino, to)
        casino.apply()
        disabled_by_hand(casino.context(), "vip", "CRM migrates", casino.now)
        delivered(casino)
        moved(casino, anna=4)
        assert (to.got, left(casino)) == ([], 4)
        with pytest.raises(Refused, match="is disabled already"):
            disabled_by_hand(casino.context(), "vip", "", casino.now)

        enabled(casino.context(), "vip", casino.now)
        delivered(casino)
        with pytest.raises(Refused, match="is not disabled"):
            enabled(casino.context(), "vip", casino.now)

        assert to.members == casino.members("vip")
        assert [(one.action, one.detail) for one in log(casino)] == [
            ("webhook enable", {"why": "hand"}),
            ("webhook disable", {"why": "hand", "reason": "CRM migrates"}),
        ]


def test_trying_a_webhook_tells_of_nobody_and_writes_nothing(casino: Casino) -> None:
    with receiver() as to:
        hooked(casino, to)
        casino.apply()
        before = casino.stored()
        _, answer = tried(casino.context(), "vip", tools(casino))

        assert answer.verdict == "delivered"
        assert [(one.said["action"], one.said["playerId"]) for one in to.got] == [("Test", "segctl-test")]
        assert casino.stored() == before


@pytest.mark.parametrize(
    ("name", "words"),
    [("vips", "Did you mean `vip`?"), ("quiet", "segctl webhooks list"), ("nothing-like-it", "segctl list")],
)
def test_a_webhook_that_is_not_there(casino: Casino, name: str, words: str) -> None:
    with receiver() as to:
        hooked(casino, to)
        casino.segment("quiet", VIP)
        casino.apply()
        with pytest.raises(Refused) as refused:
            tried(casino.context(), name, tools(casino))

        assert words in " ".join(refused.value.help)


# the guard


def guarded(casino: Casino, to: Receiver) -> None:
    casino.write("segctl.yaml", SETTINGS + "guards: {marketing: {country: {in: [DE, GB, IT]}}}\n" + LOOPBACK)
    hooked(casino, to)
    casino.apply()


def test_nobody_hears_of_a_player_whom_the_guard_keeps_out_by_now(casino: Casino) -> None:
    with receiver() as to:
        guarded(casino, to)
        casino.later(minutes=1)
        casino.change("dora", country="FR")
        casino.refresh()
        done = delivered(casino)

        assert (done.told.delivered, done.told.dropped) == (2, 2)
        assert to.members == casino.members("vip") == {"gwen", "ines"}
        assert "dora" not in {player for _, player in to.said}
        assert left(casino) == 0


def test_a_receiver_that_may_know_a_player_hears_that_they_left(casino: Casino) -> None:
    with receiver(refuses("dora", code=500)) as to:
        guarded(casino, to)
        delivered(casino)
        casino.later(minutes=1)
        casino.change("dora", country="FR")
        casino.refresh()
        to.answer = good
        for _ in range(2):
            casino.later(hours=1)
            delivered(casino)

        assert [one.said["action"] for one in to.got if one.said["playerId"] == "dora"] == ["Added", "Removed"]
        assert to.members == casino.members("vip")
        assert left(casino) == 0


# who is forgotten


def test_of_who_was_forgotten_nobody_is_told(casino: Casino) -> None:
    with receiver(refuses("dora")) as to:
        hooked(casino, to)
        casino.apply()
        delivered(casino)
        assert len(letters(casino)) == 1
        casino.later(minutes=1)
        casino.forget("dora")
        casino.forget("gwen")
        to.got.clear()
        casino.later(days=1)
        delivered(casino)

        assert (to.got, left(casino), letters(casino)) == ([], 0, [])
        state = decoded(casino)
        assert state["letter"] == state["outbox"] == []
        assert "dora" not in json.dumps({name: rows for name, rows in state.items() if name != "player_chunk"})


def test_who_is_forgotten_while_a_message_is_under_way_does_not_come_back(casino: Casino) -> None:
    def forgetful(got: Got, connection: socket.socket) -> bool:
        if got.said["playerId"] == "dora" and not forgotten:
            forgotten.append("dora")
            casino.forget("dora")
        return status(500)(got, connection)

    forgotten: list[str] = []
    with receiver(forgetful) as to:
        hooked(casino, to)
        casino.apply()
        delivered(casino)

        assert forgotten
        assert "dora" not in {one["number"] for one in decoded(casino)["letter"]}
        assert left(casino) == 2


# several workers


def test_a_webhook_that_another_worker_has_is_left_to_it(casino: Casino) -> None:
    inside: list[int] = []

    def second(got: Got, connection: socket.socket) -> bool:
        if not inside:
            inside.append(delivered(casino).webhooks)
        return good(got, connection)

    with receiver(second) as to:
        hooked(casino, to)
        casino.apply()
        done = delivered(casino)

        assert set(inside) == {0}
        assert (done.told.delivered, len(to.got)) == (3, 3)


def test_a_worker_that_fell_silent_loses_what_it_took(casino: Casino) -> None:
    class Killed(BaseException):
        pass

    def killed() -> float:
        raise Killed

    with receiver(status(503)) as to:
        hooked(casino, to)
        casino.apply()
        with pytest.raises(Killed):
            delivered(casino, roll=killed)
        to.answer = good
        assert delivered(casino).webhooks == 0, "it may be alive"
        casino.later(minutes=2)
        assert delivered(casino).told.delivered == 3

        assert to.members == VIPS
