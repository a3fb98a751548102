"""Approvals as people read them: what is needed, what is missing and why, what was given. Texts are raw."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from segctl.plan.document import Need
from segctl.plan.policy import Unmet
from segctl.view.figures import counted

_MOST_NAMES = 3


def need_text(need: Need) -> str:
    """One policy: big-moves: 2 signed approvals by crm-leads, for vip and vip-weekend."""
    number = counted(need.approvals, "signed approval" if need.signed else "approval")
    by = f" by {' or '.join(need.by)}" if need.by else ""
    return f"{need.policy}: {number}{by}, for {_some(need.addresses)}"


def unmet_lines(one: Unmet) -> Iterator[str]:
    """What a policy lacks, and which approvals do not count."""
    yield f"{need_text(one.need)}; {len(one.counting)} of them given."
    for given, reason in one.others:
        yield f"{given.file} by {given.approval.by} does not count: {reason}."


def _some(addresses: Sequence[str]) -> str:
    names = [one.removeprefix("segment.") for one in addresses]
    shown = ", ".join(names[:_MOST_NAMES])
    rest = len(names) - _MOST_NAMES
    return f"{shown} and {counted(rest, 'other')}" if rest > 0 else shown
