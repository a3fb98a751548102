"""`webhook` and `schedule` of a segment: where its changes go, and how stale its members may be."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from segctl.model.segment import BODY_FORMS, BodyForm, Webhook
from segctl.model.time import Duration
from segctl.spec.moments import read_duration
from segctl.spec.node import Mapping, Node, Scalar, Sequence, text
from segctl.spec.page import Page

_REFERENCE = re.compile(r"\$\{[A-Za-z_][A-Za-z0-9_]*\}").fullmatch
_ADDRESS = "Write an https address, or a variable that holds one: `${HOOK_URL}`."
_FORMS: dict[str, BodyForm] = {form: form for form in BODY_FORMS}
_OTHER = "Name the new variable first, then the old one, or one alone."
_SIGNS = "Write `${HOOK_SECRET}`, and set the variable where segctl runs."


def read_webhook(page: Page, node: Node | None) -> Webhook | None:
    """A webhook whose shape is checked. What is wrong with it is never repeated: it may hold a secret."""
    if type(node) is not Mapping:
        return None
    url, batch = node.get("url"), node.get("batch")
    if type(url) is not Scalar:
        return None
    before = len(page.mistakes)
    wrong = None if _REFERENCE(url.text) else _wrong(url.text)
    if wrong is not None:
        page.mistake("SEG218", url, wrong, _ADDRESS)
    secrets = _secrets(page, node.get("secret"))
    if len(page.mistakes) > before:
        return None
    form = _FORMS.get(text(node, "body"), "plain")
    return Webhook(url.text, secrets, form, int(batch.text) if type(batch) is Scalar else None)


def _secrets(page: Page, node: Node | None) -> tuple[str, ...]:
    """The variables that sign: one, or two while a receiver changes from the old one to the new."""
    items = node.items if type(node) is Sequence else [node]
    found = [item for item in items if type(item) is Scalar]
    for item in found:
        if not _REFERENCE(item.text):
            page.mistake("SEG218", item, "A secret stands in a file.", _SIGNS)
    if len({item.text for item in found}) < len(found):
        page.mistake("SEG218", found[-1], "The same secret stands here twice.", _OTHER)
    return tuple(item.text for item in found)


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
