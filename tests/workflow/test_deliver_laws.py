"""Whatever a receiver does, and whoever moves meanwhile: in the end it has heard of each move, once by id, in order."""

from __future__ import annotations

import random
import socket
from collections.abc import Callable

import pytest

from segctl.workflow.webhooks import enabled, replayed, undelivered
from tests.support.casino import ON_BOTH, Casino
from tests.support.casino_facts import PLAYERS
from tests.support.delivery import delivered, endpoint, hooked, left
from tests.support.receiver import OK, Got, good, receiver, status, with_bytes

pytestmark = ON_BOTH


def reset(_got: Got, connection: socket.socket) -> bool:
    """It has read the message, and nobody hears of that."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\0\0\0\0\0\0\0")
    return False


ANSWERS = (
    *(good,) * 6,
    reset,
    with_bytes(OK, then_close=True),
    with_bytes(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\ncut", then_close=True),
    with_bytes(b"", then_close=True),
    *map(status, (204, 301, 400, 404, 410, 422, 429, 500, 503)),
)


def moody(chance: random.Random) -> Callable[[Got, socket.socket], bool]:
    def answer(got: Got, connection: socket.socket) -> bool:
        return chance.choice(ANSWERS)(got, connection)

    return answer


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_receiver_ends_with_the_members_whatever_it_does(casino: Casino, seed: int) -> None:
    chance = random.Random(seed)
    with receiver(moody(chance)) as to:
        hooked(casino, to, **({"batch": 2} if seed == 2 else {}))
        casino.apply()
        for _ in range(12):
            casino.later(minutes=chance.randint(1, 600))
            for player, *_ in chance.sample(PLAYERS, 3):
                casino.change(player, vip_level=chance.randint(0, 5))
            casino.refresh()
            delivered(casino, roll=chance.random)
            if endpoint(casino).disabled:
                enabled(casino.context(), "vip", casino.now)

        to.answer = good
        for _ in range(30):
            if any(one.letter.dead for one in undelivered(casino.context(), "vip")):
                replayed(casino.context(), "vip", [], casino.now)
            casino.later(hours=13)
            delivered(casino)

        assert left(casino) == 0
        assert to.in_order
        assert to.members == casino.members("vip")
        assert to.balance == dict.fromkeys(casino.members("vip"), 1)
