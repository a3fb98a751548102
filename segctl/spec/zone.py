"""Names of time zones."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from segctl.spec.node import Node, Scalar
from segctl.spec.page import Page, shown


def read_zone(page: Page, node: Node | None) -> str | None:
    """The name of a time zone that exists; None if it does not, or if nothing was written."""
    if type(node) is not Scalar:
        return None
    try:
        ZoneInfo(node.text)
    except (ValueError, OSError, KeyError):
        _note(page, node)
        return None
    return node.text


def _note(page: Page, node: Scalar) -> None:
    from zoneinfo import available_timezones  # noqa: PLC0415 - slow, and only a mistake needs it

    hint = page.did_you_mean(node.text, available_timezones()) or "Write a name such as `Europe/Malta` or `UTC`."
    page.mistake("SEG401", node, f"There is no time zone {shown(node.text)}.", hint)
