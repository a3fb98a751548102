"""`webhook` and `schedule` of a segment: where its changes go, and how stale its members may be."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from segctl.model.segment import Webhook
from segctl.model.time import Duration
from segctl.spec.moments import read_duration
from segctl.spec.node import Mapping, Node, Scalar
from segctl.spec.page import Page

_REFERENCE = re.compile(r"\$\{[A-Za-z_][A-Za-z0-9_]*\}").fullmatch
_ADDRESS = "Write an https address, or a variable that holds one: `${HOOK_URL}`."
_SIGNS = "Write `${HOOK_SECRET}`, and set the variable where segctl runs."


def read_webhook(page: Page, node: Node | None) -> Webhook | None:
    """A webhook whose shape is checked. What is wrong with it is never repeated: it may hold a secret."""
    if type(node) is not Mapping:
        return None
    url, secret = (node.get(key) for key in ("url", "secret"))
    if type(url) is not Scalar:
        return None
    wrong = None if _REFERENCE(url.text) else _wrong(url.text)
    if wrong is not None:
        page.mistake("SEG218", url, wrong, _ADDRESS)
    signed = secret.text if type(secret) is Scalar else None
    if signed is not None and not _REFERENCE(signed):
        page.mistake("SEG218", secret or url, "A secret stands in a file.", _SIGNS)
        return None
    return None if wrong is not None else Webhook(url.text, signed)


def read_schedule(page: Page, node: Mapping) -> Duration | None:
    """How stale members may be; None where nothing is said, or where it is a mistake."""
    return read_duration(page, node.entries["schedule"][1]) if "schedule" in node.entries else None


def _wrong(url: str) -> str | None:
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return "This is no address."
    if parts.scheme != "https" or not host:
        return "A webhook goes to an https address."
    if "@" in parts.netloc:
        return "A user or a password stands in the address."
    if parts.fragment or url != url.strip() or not url.isprintable() or " " in url:
        return "This is no address that can be sent to."
    return None
