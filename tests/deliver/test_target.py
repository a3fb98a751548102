"""Addresses and secrets as segments write them and variables hold them: what can be sent to, and what is wrong."""

from __future__ import annotations

import base64

import pytest

from segctl.deliver.target import Target, Unusable, target
from tests.support.receiver import SECRET

NOBODY: frozenset[str] = frozenset()


def made(url: str, *secrets: str, private: frozenset[str] = NOBODY, **variables: str) -> Target | Unusable:
    return target(url, secrets, variables, private)


@pytest.mark.parametrize(
    ("url", "parts"),
    [
        ("https://hooks.example.com/t/token?x=1", ("https", "hooks.example.com", 443, "/t/token?x=1")),
        ("https://hooks.example.com", ("https", "hooks.example.com", 443, "/")),
        ("https://HOOKS.Example.com.:8443/a b", ("https", "hooks.example.com", 8443, "/a%20b")),
        ("https://münchen.example/ü", ("https", "xn--mnchen-3ya.example", 443, "/%C3%BC")),
        ("https://[2606:4700::1]/x", ("https", "2606:4700::1", 443, "/x")),
        ("https://\uff11\uff12\uff17.0.0.1/x", ("https", "127.0.0.1", 443, "/x")),
    ],
)
def test_an_address_is_taken_apart(url: str, parts: tuple[str, str, int, str]) -> None:
    found = made(url)

    assert isinstance(found, Target)
    assert (found.scheme, found.host, found.port, found.path) == parts
    assert not found.private


def test_a_variable_holds_the_address() -> None:
    found = made("${HOOK}", HOOK=" https://hooks.example.com/x \n")

    assert isinstance(found, Target)
    assert found.host == "hooks.example.com"


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("${HOOK}", "the variable HOOK is not set"),
        ("http://hooks.example.com/", "http, which only a host in `private_hosts` may have"),
        ("ftp://hooks.example.com/", "no https address"),
        ("file:///etc/passwd", "no https address"),
        ("hooks.example.com", "no https address"),
        ("https:///x", "no https address"),
        ("https://ann:hunter2@hooks.example.com/", "a user or a password stands in its address"),
        ("https://hooks.example.com:99999/", "cannot be read"),
        ("https://[::1/", "cannot be read"),
        ("https://" + "ü" * 80 + "/", "cannot be read"),
    ],
)
def test_what_cannot_be_sent_to_is_told_without_saying_what_it_is(url: str, why: str) -> None:
    found = made(url)

    assert isinstance(found, Unusable)
    assert why in found.why
    assert "hunter2" not in found.why


def test_a_private_host_may_be_http_and_no_other() -> None:
    allowed = frozenset({"hooks.internal", "::1"})

    found = made("http://Hooks.Internal:8080/x", private=allowed)

    assert isinstance(found, Target)
    assert (found.private, found.port) == (True, 8080)
    assert isinstance(made("http://[::1]/x", private=allowed), Target)
    assert isinstance(made("http://a.hooks.internal/x", private=allowed), Unusable)


@pytest.mark.parametrize(
    "value",
    ["hunter2", "", "whsec_", "whsec_hunter2hunter2hunter2hunter2hunter2!", "whsec_" + base64.b64encode(b"x" * 23).decode(), "whsec_" + base64.b64encode(b"x" * 65).decode()],
)  # fmt: skip
def test_what_is_no_key_signs_nothing(value: str) -> None:
    found = made("https://hooks.example.com/", "${KEY}", KEY=value)

    assert isinstance(found, Unusable)
    assert "the variable KEY" in found.why
    assert "hunter2" not in found.why


def test_neither_address_nor_secret_is_in_what_python_prints() -> None:
    found = made("https://hooks.example.com/t/token", "${KEY}", KEY=SECRET)

    assert isinstance(found, Target)
    assert "token" not in repr(found)
    assert SECRET[8:] not in repr(found)
