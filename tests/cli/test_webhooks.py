"""segctl deliver and segctl webhooks as people type them, and as workers that are started, stopped and killed."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import pytest

from tests.cli.conftest import Cli
from tests.support.casino import Casino
from tests.support.console import start
from tests.support.delivery import VIP, hooked, left
from tests.support.receiver import Got, Receiver, good, receiver, status


@pytest.fixture
def to() -> Iterator[Receiver]:
    with receiver() as made:
        yield made


@pytest.fixture
def told(cli: Cli, to: Receiver, monkeypatch: pytest.MonkeyPatch) -> Cli:
    """A casino whose segment `vip` has a webhook and three messages that wait."""
    hooked(cli.casino, to)
    for name, value in cli.casino.variables.items():
        monkeypatch.setenv(name, value)
    cli.casino.wall = None
    assert cli("apply", "--auto-approve").code == 0
    return cli


def test_an_apply_names_the_command_that_sends(cli: Cli, to: Receiver) -> None:
    hooked(cli.casino, to)
    applied = cli("apply", "--auto-approve")

    assert "To send 3 webhook messages:  segctl deliver" in applied.out
    assert json.loads(cli("refresh", "--json").out)["messages"] == 0


def test_an_apply_without_webhooks_says_that_nobody_hears(cli: Cli, to: Receiver) -> None:
    hooked(cli.casino, to)
    applied = cli("apply", "--auto-approve", "--no-webhooks")

    assert "No webhook hears of 3 moves" in applied.out
    assert left(cli.casino) == 0


def test_a_plan_that_would_send_many_says_how_to_apply_it(cli: Cli, to: Receiver) -> None:
    hooked(cli.casino, to)
    settings = (cli.casino.root / "segctl.yaml").read_text()
    cli.casino.write("segctl.yaml", settings.replace("private_hosts: [127.0.0.1]", "ask_above: 2"))

    assert "would send 3 webhook messages: apply with --webhooks, or --no-webhooks" in cli("plan").out
    refused = cli("apply", "--auto-approve")
    assert refused.code == 1
    assert "segctl apply --no-webhooks" in refused.err
    assert cli("apply", "--auto-approve", "--webhooks").code == 0


def test_a_pass_says_what_it_delivered(told: Cli, to: Receiver) -> None:
    first, second = told("deliver"), told("deliver", "--json")

    assert first.out.startswith("Delivered 3 messages to 1 webhook in ")
    assert json.loads(second.out) == {
        "delivered": 0,
        "failed": 0,
        "dropped": 0,
        "waiting": 0,
        "webhooks": 0,
        "down": [],
    }
    assert to.members == {"dora", "gwen", "ines"}
    assert told("deliver").out == "Nothing waits to be sent.\n"


def test_a_receiver_that_is_down_is_told_with_what_to_do(told: Cli, to: Receiver) -> None:
    to.answer = status(410)
    down = told("deliver")

    assert down.code == 0
    assert "! vip: answered 410 (gone); disabled. To send to it again:  segctl webhooks enable vip" in down.out
    assert "3 messages wait. Why:  segctl webhooks list" in down.out
    (row,) = json.loads(told("webhooks", "list", "--json").out)
    assert (row["name"], row["standing"], row["waiting"], row["to"]) == ("vip", "gone", 3, "${HOOK_VIP}")
    failed = told("webhooks", "failed")
    assert "answered" in failed.out
    assert {"dora", "gwen", "ines"}.isdisjoint(failed.out.split())

    to.answer = good
    assert "segctl deliver" in told("webhooks", "enable", "vip").out
    assert "Delivered 3 messages" in told("deliver").out
    assert told("webhooks", "failed").out == "Every message that was tried has arrived.\n"


def test_a_message_is_replayed_by_its_id(told: Cli, to: Receiver) -> None:
    to.answer = status(422)
    told("deliver")
    failed = json.loads(told("webhooks", "failed", "vip", "--json").out)
    assert [(one["segment"], one["run"], one["attempts"], one["standing"]) for one in failed] == [
        ("vip", 1, 1, "again")
    ] * 3

    nothing = told("webhooks", "replay", "vip")
    assert nothing.code == 1
    assert "segctl webhooks failed vip" in nothing.err
    assert told("webhooks", "replay", "vip", "--id", "msg_nothing").code == 1
    one = failed[0]["id"]
    assert json.loads(told("webhooks", "replay", "vip", "--id", one, "--json").out) == {
        "name": "vip",
        "messages": 1,
    }
    to.answer, before = good, len(to.got)
    told("deliver")
    assert [got.id for got in to.got[before:]] == [one]


def test_disabling_is_undone_by_enabling_and_both_are_logged(told: Cli) -> None:
    assert "segctl webhooks enable vip" in told("webhooks", "disable", "vip", "--reason", "CRM migrates").out
    assert told("webhooks", "disable", "vip").code == 1
    assert "disabled" in told("webhooks", "list").out
    assert told("webhooks", "enable", "vip").code == 0

    log = json.loads(told("audit", "log", "vip", "--json").out)
    assert [(one["action"], one["detail"].get("reason")) for one in log[:2]] == [
        ("webhook enable", None),
        ("webhook disable", "CRM migrates"),
    ]
    assert told("audit", "verify").code == 0


def test_trying_a_webhook_says_what_came(told: Cli, to: Receiver) -> None:
    assert told("webhooks", "test", "vip").out == "Arrived at ${HOOK_VIP}: answered 200.\n"
    to.answer = status(404)
    failed = told("webhooks", "test", "vip", "--json")
    assert failed.code == 1
    assert json.loads(failed.out)["outcome"] == "answered 404 (nothing there)"


def test_a_segment_without_a_webhook_is_no_webhook(told: Cli) -> None:
    for verb in ("enable", "disable", "replay", "test"):
        refused = told("webhooks", verb, "vipp")
        assert (refused.code, "Did you mean `vip`?" in refused.err) == (1, True)


def test_commands_that_are_named_next_stay_in_the_environment(told: Cli, to: Receiver) -> None:
    to.answer = status(410)

    assert "segctl webhooks enable --env dev vip" in told("deliver", "--env", "dev").out


# workers


@pytest.fixture
def today(casino: Casino) -> Casino:
    """Processes have a clock of their own, and messages are not kept for ever."""
    casino.now = datetime.now(UTC)
    return casino


@contextmanager
def at_work(casino: Casino, *arguments: str) -> Iterator[subprocess.Popen[str]]:
    with start(casino.root, "deliver", *arguments, **casino.variables) as process:
        try:
            yield process
        finally:
            process.kill()


def once(number: int, then: Callable[[], None]) -> Callable[[Got, socket.socket], bool]:
    """A good receiver that does something once so many messages have come."""
    lock, seen = threading.Lock(), []

    def answer(got: Got, connection: socket.socket) -> bool:
        with lock:
            seen.append(got.id)
            if len(seen) == number:
                then()
        return good(got, connection)

    return answer


def everybody(casino: Casino) -> None:
    """A thousand players join."""
    casino.sql(
        "INSERT INTO players SELECT 'p' || lpad(i::text, 4, '0'), 'DE', 4, NULL, NULL, ? FROM range(1000) t(i)",
        casino.now,
    )
    casino.segment("vip", VIP, webhook={"url": "${HOOK_VIP}", "secret": "${HOOK_SECRET}"})
    casino.apply()


def test_a_worker_delivers_until_it_is_told_to_stop(today: Casino, to: Receiver) -> None:
    casino = today
    hooked(casino, to)
    casino.apply()
    all_came = threading.Event()
    to.answer = once(3, all_came.set)
    with at_work(casino, "--watch", "--every", "0.2", "--json") as process:
        assert all_came.wait(30)
        first = process.stdout.readline()  # type: ignore[union-attr]
        casino.later(minutes=1)
        casino.change("anna", vip_level=4)
        again = threading.Event()
        to.answer = once(1, again.set)
        casino.refresh()
        assert again.wait(30)
        process.send_signal(signal.SIGTERM)
        _, err = process.communicate(timeout=30)

    assert (process.returncode, err) == (0, "")
    assert json.loads(first)["delivered"] == 3
    assert to.members == casino.members("vip")
    assert len(to.got) == 4


def test_a_worker_that_is_told_to_stop_ends_what_it_does_and_writes_it_down(today: Casino, to: Receiver) -> None:
    casino = today
    hooked(casino, to)
    everybody(casino)
    holder: list[subprocess.Popen[str]] = []
    to.answer = once(100, lambda: holder[0].send_signal(signal.SIGTERM))
    with at_work(casino) as process:
        holder.append(process)
        process.communicate(timeout=60)

    assert process.returncode == 0
    assert 100 <= len(to.got) < 1003
    assert left(casino) == 1003 - len(to.got)


def test_who_interrupts_a_pass_is_told_that_nothing_is_lost(today: Casino, to: Receiver) -> None:
    casino = today
    hooked(casino, to)
    everybody(casino)
    holder: list[subprocess.Popen[str]] = []
    to.answer = once(100, lambda: holder[0].send_signal(signal.SIGINT))
    with at_work(casino) as process:
        holder.append(process)
        _, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "sent again by the next one, under the same ids" in err

    to.answer = good
    with at_work(casino) as process:
        process.communicate(timeout=60)

    assert to.members == casino.members("vip")
    assert to.balance == dict.fromkeys(casino.members("vip"), 1)


def test_of_a_worker_that_is_killed_the_next_one_takes_over_at_once(today: Casino, to: Receiver) -> None:
    casino = today
    hooked(casino, to)
    everybody(casino)
    holder: list[subprocess.Popen[str]] = []
    to.answer = once(150, lambda: os.kill(holder[0].pid, signal.SIGKILL))
    with at_work(casino) as process:
        holder.append(process)
        process.communicate(timeout=60)
    assert process.returncode == -signal.SIGKILL

    to.answer = good
    with at_work(casino) as process:
        out, err = process.communicate(timeout=60)

    assert "Delivered 1,003 messages" in out, err
    assert to.balance == dict.fromkeys(casino.members("vip"), 1)
    assert left(casino) == 0
