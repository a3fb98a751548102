"""Approvals as people read them: what is needed, what is missing and why, what was given. Texts are raw."""

from __future__ import annotations

from collections.abc import Iterator

from segctl.plan.document import Need
from segctl.plan.policy import Unmet
from segctl.view.figures import counted, some


def need_text(need: Need) -> str:
    """One policy: big-moves: 2 signed approvals by crm-leads, for vip and vip-weekend."""
    number = counted(need.approvals, "signed approval" if need.signed else "approval")
    names = [one.removeprefix("segment.") for one in need.addresses]
    by = f" by {' or '.join(need.by)}" if need.by else ""
    return f"{need.policy}: {number}{by}, for {some(names)}"


def unmet_lines(one: Unmet) -> Iterator[str]:
    """What a policy lacks, and which approvals do not count."""
    yield f"{need_text(one.need)}; {len(one.counting)} of them given."
    for given, reason in one.others:
        yield f"{given.file} by {given.approval.by} does not count: {reason}."
