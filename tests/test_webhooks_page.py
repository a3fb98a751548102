"""docs/webhooks.md is true: its receiver verifies what is sent, its settings can be read, its body is the body."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from segctl.base.source import Source
from segctl.deliver.line import Line
from segctl.deliver.message import About, Message, requests
from segctl.deliver.target import Target, target
from segctl.files.shipped import schema
from segctl.model.settings import Webhooks
from segctl.spec.settings import read_settings
from tests.spec.reading import SETTINGS, project
from tests.support.receiver import SECRET, receiver

PAGE = (Path(__file__).parent.parent / "docs" / "webhooks.md").read_text(encoding="utf-8")
LEFT = Message("msg_1", "Removed", datetime(2023, 10, 26, 11, 58, 32, tzinfo=UTC), "631c257b-…", "data", 413)


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)


@pytest.fixture
def received() -> Callable[[str, dict[str, str], bytes], int]:
    (code,) = blocks("python")
    assert len(code.splitlines()) <= 15
    names: dict[str, Any] = {}
    exec(code, names)
    return names["received"]  # type: ignore[no-any-return]


def test_the_receiver_of_the_page_takes_what_is_sent_and_nothing_else(
    received: Callable[[str, dict[str, str], bytes], int], capsys: pytest.CaptureFixture[str]
) -> None:
    with receiver() as to:
        where = target("${URL}", ["${KEY}"], {"URL": to.url, "KEY": SECRET}, frozenset({"127.0.0.1"}))
        assert isinstance(where, Target)
        line = Line(where, lambda: datetime.now(UTC))
        for request, _ in requests([LEFT], About(188, "test-webhook", "Test Webhook"), "plain", None):
            line.post(request)
        line.close()
        (got,) = to.got

    assert received(SECRET, got.headers, got.body) == 204
    assert capsys.readouterr().out == "Removed 631c257b-… 188\n"
    assert received(SECRET, got.headers, got.body.replace(b"188", b"189")) == 400
    assert received("whsec_" + "A" * 32, got.headers, got.body) == 400


def test_the_body_of_the_page_is_the_body() -> None:
    (shown,) = re.findall(r'^    (\{"time".*\})$', PAGE, re.MULTILINE)
    ((request, _),) = requests([LEFT], About(188, "test-webhook", "Test Webhook"), "plain", None)

    assert list(json.loads(shown).items()) == list(json.loads(request.body).items())


def test_the_settings_of_the_page_are_read_and_two_of_them_are_the_defaults() -> None:
    (hook, settings) = blocks("yaml")
    read = read_settings(Source("segctl.yaml", f"{SETTINGS}{settings}".encode()), schema("settings")).settings
    made = project({"s.yaml": f"kind: Segment\nname: s\ntype: dynamic\nrules: {{country: DE}}\n{hook}"})

    assert made.diagnostics == ()
    assert read is not None
    assert read.webhooks == Webhooks(frozenset({"hooks.internal", "10.0.3.7"}))
