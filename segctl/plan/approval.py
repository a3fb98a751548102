"""An approval: one person's yes to one intent, with the numbers that they saw. Pure.

It is kept as a signed note (https://c2sp.org/signed-note): a line that says what it is, a line of canonical JSON,
and the signatures, if there are any. Without one it is a claim.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from segctl.base.digest import canonical_json
from segctl.plan.document import Plan, totals

_HEAD: Final = "segctl approval v1"
# a plan of a few players may move by as many without being another one
FEWEST: Final = 10


@dataclass(frozen=True, slots=True)
class Approval:
    """Who says yes to what. `joining` and `leaving` are the players that the plan would move, over all segments.

    `tolerance` says in percent by how much they may differ when the plan is applied. `ci` tells which run of a CI
    system vouches for the person.
    """

    intent: str
    plan: str
    environment: str
    by: str
    at: str
    joining: int
    leaving: int
    tolerance: float = 10.0
    reason: str = ""
    ci: Mapping[str, str] | None = None

    @property
    def when(self) -> datetime:
        """The instant. Raises: ValueError."""
        return datetime.fromisoformat(self.at)


def approval_text(one: Approval) -> str:
    """The text that is kept, and signed."""
    return f"{_HEAD}\n{canonical_json(dataclasses.asdict(one))}\n"


def read_approval(text: str) -> Approval:
    """The approval in the text of a note. Raises: ValueError, with what is wrong with it."""
    head, _, rest = text.partition("\n")
    if head != _HEAD:
        raise ValueError("it is no approval")
    document = json.loads(rest)
    fields = {field.name for field in dataclasses.fields(Approval)}
    if not isinstance(document, dict) or document.keys() != fields or not _typed(document):
        raise ValueError("it is no approval of this version")
    one = Approval(**document)
    if one.when.tzinfo is None:
        raise ValueError("its instant has no time zone")
    return one


def within(one: Approval, plan: Plan) -> bool:
    """Are the numbers of a plan near enough to those that were approved?"""
    sums = totals(plan)
    return all(
        abs(now - then) <= max(FEWEST, then * one.tolerance / 100)
        for now, then in ((sums.joining, one.joining), (sums.leaving, one.leaving))
    )


def _typed(document: Mapping[str, Any]) -> bool:
    texts = ("intent", "plan", "environment", "by", "at", "reason")
    numbers = ("joining", "leaving", "tolerance")
    ci = document["ci"]
    return (
        all(isinstance(document[key], str) for key in texts)
        and all(isinstance(document[key], int | float) and document[key] >= 0 for key in numbers)
        and (ci is None or (isinstance(ci, dict) and all(isinstance(value, str) for value in ci.values())))
    )
