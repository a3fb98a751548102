"""`webhooks` of segctl.yaml: private hosts that may be sent to, when an apply asks, how long messages are kept."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlsplit

from segctl.model.settings import Webhooks
from segctl.model.time import Duration
from segctl.spec.moments import read_duration
from segctl.spec.node import Mapping, Node, Scalar, Sequence
from segctl.spec.page import Page, shown
from segctl.spec.scalar import integer

_HOST = "Write a name or an address alone: `hooks.internal`, `10.0.3.7`."
_MONTH = timedelta(days=30)


def read_webhooks(page: Page, node: Node | None) -> Webhooks:
    """The settings of webhooks, whose shape is checked; what is not said has its default."""
    if type(node) is not Mapping:
        return Webhooks()
    default = Webhooks()
    above, keep = node.get("ask_above"), node.get("keep")
    kept = read_duration(page, keep) if keep is not None else None
    return Webhooks(
        frozenset(_hosts(page, node.get("private_hosts"))),
        integer(above.text) if type(above) is Scalar else default.ask_above,
        default.keep if kept is None else _length(kept),
    )


def _hosts(page: Page, node: Node | None) -> list[str]:
    items = node.items if type(node) is Sequence else ()
    found = []
    for item in items:
        if type(item) is Scalar:
            host = _host(item.text)
            if host is None:
                page.mistake("SEG404", item, f"{shown(item.text)} is no host.", _HOST)
            else:
                found.append(host)
    return found


def _host(text: str) -> str | None:
    """A host as an address has it: in lower case, an IPv6 address without its brackets."""
    bracketed = f"[{text}]" if text.count(":") > 1 and not text.startswith("[") else text
    try:
        parts = urlsplit(f"https://{bracketed}/")
        plain = parts.netloc == bracketed and parts.port is None and "@" not in bracketed
        host = parts.hostname if plain else None
    except ValueError:
        return None
    return host.rstrip(".") if host and "*" not in host and host.isprintable() and " " not in host else None


def _length(kept: Duration) -> timedelta:
    return timedelta(seconds=kept.seconds) + kept.months * _MONTH
