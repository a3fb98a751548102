"""The plan: plain data, and everything that a person or a program is shown of it is made from it.

It holds no player id and no personal data: definitions in it are redacted (private.py).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from segctl.base.commit import Commit

FORMAT_VERSION = 1

Action = Literal["create", "recover", "update", "replace", "rename", "archive"]
Symbol = Literal["+", "-", "~"]


@dataclass(frozen=True, slots=True)
class Impact:
    """Numbers of players. `before` is what the state holds, `after` what the plan would leave.

    Of those joining and leaving, `*_by_time` would do so without any change of definition. `messages` would be
    sent to the segment's webhook; None if it has none.
    """

    before: int
    after: int
    joining: int
    leaving: int
    joining_by_time: int = 0
    leaving_by_time: int = 0
    messages: int | None = None

    @property
    def messages_by_edit(self) -> int:
        """Those that time alone would not send."""
        return 0 if self.messages is None else self.messages - self.joining_by_time - self.leaving_by_time


@dataclass(frozen=True, slots=True)
class RuleChange:
    """One line of a structured rule diff. `depth` counts the groups above; unchanged groups have equal sides."""

    symbol: Symbol | Literal[" "]
    depth: int
    before: Any
    after: Any
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Base:
    """What a change was made from: what must still stand when it is applied."""

    version: int
    digest: str


@dataclass(frozen=True, slots=True)
class Outside:
    """The deployed version that a change undoes or overtakes, where it came from elsewhere than these files."""

    version: int
    by: str
    at: str
    commit: str | None
    dirty: bool


@dataclass(frozen=True, slots=True)
class Change:
    """One object that would change. `keys` are the parts of its definition that do.

    `before` and `after` are redacted definitions, None where there is none. `unknown_players` counts listed ids
    that the warehouse does not know.
    """

    address: str
    actions: tuple[Action, ...]
    type: str
    purpose: str = ""
    keys: tuple[str, ...] = ()
    before: Mapping[str, Any] | None = None
    after: Mapping[str, Any] | None = None
    base: Base | None = None
    digest: str | None = None
    file: str | None = None
    line: int | None = None
    renamed_from: str | None = None
    rules: tuple[RuleChange, ...] = ()
    impact: Impact | None = None
    unknown_players: int = 0
    outside: Outside | None = None

    @property
    def kind(self) -> str:
        return self.address.partition(".")[0]

    @property
    def name(self) -> str:
        return self.address.partition(".")[2]


@dataclass(frozen=True, slots=True)
class Secondary:
    """A segment whose definition stays and whose members would move, because of the addresses in `because`."""

    address: str
    because: tuple[str, ...]
    impact: Impact

    @property
    def name(self) -> str:
        return self.address.partition(".")[2]


@dataclass(frozen=True, slots=True)
class Hazard:
    """One thing that a plan does and somebody must allow. `before` and `after` are numbers of players.

    `found` is held against `limit`, in percent for `max_change`, in players for the sizes; `others` are names that
    belong to it: who uses the segment, the fields of the catalog, the name that went. `allowed` says by what.
    """

    code: str
    address: str
    before: int
    after: int
    found: float | None = None
    limit: float | None = None
    others: tuple[str, ...] = ()
    place: str | None = None
    allowed: str | None = None

    @property
    def name(self) -> str:
        return self.address.partition(".")[2]


@dataclass(frozen=True, slots=True)
class Need:
    """Approvals that a policy asks for: how many, from whom (anybody, if nobody is named), and for what."""

    policy: str
    approvals: int
    by: tuple[str, ...]
    signed: bool
    addresses: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FieldAbout:
    """What is needed to speak of a field without the catalog."""

    type: str
    title: str = ""
    unit: str = ""
    pii: bool | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """A plan. `id` seals everything else, `intent` only what people approve (seal.py).

    `inputs` are the digests of the files read, `depends` the digests of deployed objects that the plan was
    evaluated with, by address; the plan is stale when one of them has moved. `allow` are the permissions that the
    plan was made with, `against` the commit that it leaves everything of out,
    `authors` who made the changes, as far as git tells.
    """

    environment: str
    lineage: str
    serial: int
    as_of: str
    segctl: str
    currency: str
    changes: tuple[Change, ...]
    secondary: tuple[Secondary, ...] = ()
    hazards: tuple[Hazard, ...] = ()
    allow: tuple[str, ...] = ()
    needs: tuple[Need, ...] = ()
    authors: tuple[str, ...] = ()
    inputs: Mapping[str, str] = field(default_factory=dict)
    depends: Mapping[str, str] = field(default_factory=dict)
    fields: Mapping[str, FieldAbout] = field(default_factory=dict)
    declared: int = 0
    commit: Commit | None = None
    against: str | None = None
    id: str = ""
    intent: str = ""

    @property
    def empty(self) -> bool:
        """Would applying it change nothing?"""
        return not self.changes


@dataclass(frozen=True, slots=True)
class Totals:
    """The numbers of the summary line."""

    create: int
    update: int
    replace: int
    rename: int
    archive: int
    joining: int
    leaving: int
    messages: int = 0
    messages_by_edit: int = 0


def totals(plan: Plan) -> Totals:
    """How many objects change in which way, and the moves over all segments, and of how many webhooks hear."""

    def number(*actions: Action) -> int:
        return sum(1 for change in plan.changes if any(action in change.actions for action in actions))

    impacts = [change.impact for change in plan.changes if change.impact]
    impacts += [one.impact for one in plan.secondary]
    return Totals(
        create=number("create", "recover"),
        update=number("update"),
        replace=number("replace"),
        rename=number("rename"),
        archive=number("archive"),
        joining=sum(impact.joining for impact in impacts),
        leaving=sum(impact.leaving for impact in impacts),
        messages=sum(impact.messages or 0 for impact in impacts),
        messages_by_edit=sum(impact.messages_by_edit for impact in impacts),
    )
