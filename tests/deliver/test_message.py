"""What is said, to the letter; and that others can verify it, and we what others sign."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from standardwebhooks import Webhook, WebhookVerificationError

from segctl.deliver.line import Line, Request
from segctl.deliver.message import About, Message, message_id, requests
from segctl.deliver.target import Target, target
from tests.support.receiver import SECRET, receiver

OTHER = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"
ABOUT = About(188, "test-webhook", "Test Webhook")
LEFT = Message("msg_1", "Removed", datetime(2023, 10, 26, 11, 58, 32, tzinfo=UTC), "631c257b-…", "data", 413)


def now() -> datetime:
    return datetime.now(UTC)


def test_a_body_is_what_receivers_know_already() -> None:
    ((request, _),) = requests([LEFT], ABOUT, "plain", None)

    assert request.id == "msg_1"
    assert list(json.loads(request.body).items()) == [
        ("time", "2023-10-26 11:58:32"),
        ("action", "Removed"),
        ("playerId", "631c257b-…"),
        ("segmentId", 188),
        ("segmentTitle", "Test Webhook"),
    ]
    assert request.body.startswith('{"time": "2023-10-26 11:58:32", "action": "Removed", "playerId": "631c257b-')


def test_a_segment_without_a_title_is_called_by_its_name() -> None:
    ((request, _),) = requests([LEFT], replace(ABOUT, title=""), "plain", None)

    assert json.loads(request.body)["segmentTitle"] == "test-webhook"


def test_a_full_body_says_why_and_in_which_run() -> None:
    ((request, _),) = requests([LEFT], ABOUT, "full", None)

    more = {"segmentName": "test-webhook", "cause": "data", "run": 413, "sequence": 413}
    assert json.loads(request.body).items() >= more.items()


def test_a_batch_is_a_list_whose_messages_have_their_ids() -> None:
    messages = [replace(LEFT, id=f"msg_{number}", player_id=str(number)) for number in range(5)]

    made = list(requests(messages, ABOUT, "plain", 2))

    assert [[one["id"] for one in json.loads(request.body)["messages"]] for request, _ in made] == [
        ["msg_0", "msg_1"],
        ["msg_2", "msg_3"],
        ["msg_4"],
    ]
    assert len({request.id for request, _ in made}) == 3
    assert [request.id for request, _ in made] == [
        request.id for request, _ in requests(messages, ABOUT, "plain", 2)
    ]


def test_an_id_is_the_same_each_time_and_tells_nothing() -> None:
    ids = {
        message_id(b"secret", segment, run, player) for segment in (1, 2) for run in (1, 2) for player in (1, 2)
    }

    assert len(ids) == 8
    assert message_id(b"secret", 1, 1, 1) in ids
    assert message_id(b"another", 1, 1, 1) not in ids


def signed(*secrets: str) -> Target:
    variables = {f"KEY_{place}": secret for place, secret in enumerate(secrets)}
    found = target("https://hooks.example.com/", [f"${{{name}}}" for name in variables], variables, frozenset())
    assert isinstance(found, Target)
    return found


def sent(*secrets: str) -> tuple[bytes, dict[str, str]]:
    """A message as it arrives."""
    with receiver() as to:
        variables = {"URL": to.url, **{f"KEY_{place}": secret for place, secret in enumerate(secrets)}}
        names = [f"${{KEY_{place}}}" for place, _ in enumerate(secrets)]
        where = target("${URL}", names, variables, frozenset({"127.0.0.1"}))
        assert isinstance(where, Target)
        line = Line(where, now)
        ((request, _),) = requests([LEFT], ABOUT, "plain", None)
        assert line.post(request).verdict == "delivered"
        line.close()
        return to.got[0].body, to.got[0].headers


def test_others_verify_what_we_sign() -> None:
    body, headers = sent(SECRET)

    assert Webhook(SECRET).verify(body, headers) == json.loads(body)
    assert headers["webhook-id"] == "msg_1"
    assert headers["content-type"] == "application/json"
    for changed in (body.replace(b"Removed", b"Added"), body + b" "):
        with pytest.raises(WebhookVerificationError):
            Webhook(SECRET).verify(changed, headers)
    with pytest.raises(WebhookVerificationError):
        Webhook(OTHER).verify(body, headers)


def test_while_secrets_change_both_verify() -> None:
    body, headers = sent(OTHER, SECRET)

    assert Webhook(SECRET).verify(body, headers) == Webhook(OTHER).verify(body, headers) == json.loads(body)
    assert len(headers["webhook-signature"].split(" ")) == 2


def test_we_sign_as_others_do() -> None:
    at = datetime(2026, 11, 22, 1, 31, 4, tzinfo=UTC)
    request = Request("msg_p5jXN8AQM9LWM0D4loKWxJek", '{"test": 2432232314}')

    (signer,) = signed(SECRET).signers

    assert signer.sign(request.id, at, request.body) == Webhook(SECRET).sign(request.id, at, request.body)
    # the vector of the specification's own libraries
    vector = datetime.fromtimestamp(1614265330, UTC)
    assert signer.sign(request.id, vector, request.body) == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_without_a_secret_nothing_is_signed() -> None:
    _, headers = sent()

    assert "webhook-signature" not in headers
    assert "webhook-id" in headers
