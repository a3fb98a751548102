"""A segment as its author means it. Plain data."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Final, Literal

from segctl.base.span import Span
from segctl.model.rule import Rule, Step, used_segments
from segctl.model.time import Duration, Window

# the purpose of a segment that states none
MARKETING: Final = "marketing"
SegmentType = Literal["dynamic", "static", "players", "triggered", "sql"]
SEGMENT_TYPES: tuple[SegmentType, ...] = ("dynamic", "static", "players", "triggered", "sql")
Order = Literal["asc", "desc"]
BodyForm = Literal["plain", "full"]
BODY_FORMS: tuple[BodyForm, ...] = ("plain", "full")


@dataclass(frozen=True, slots=True)
class PlayerList:
    """The ids of a `players` segment, in the order of their list, without repeats. `file` is where they stand."""

    ids: tuple[str, ...]
    file: str | None = None


@dataclass(frozen=True, slots=True)
class Trigger:
    """Players enter by any event of `enter`, and leave by any of `exit`, or `stay` after the latest enter."""

    enter: tuple[Step, ...]
    exit: tuple[Step, ...] = ()
    stay: Duration | None = None
    stay_at: Span | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Adjustment:
    """Players and members of segments who are in, or out, whatever the rules say, through the day `until`."""

    players: tuple[str, ...] = ()
    segments: tuple[str, ...] = ()
    reason: str = ""
    until: date | None = None
    at: Span | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `top` players, or `percent` of those left (rounded down), by a field: the highest, if `desc`."""

    by: str
    top: int | None = None
    percent: Decimal | None = None
    order: Order = "desc"
    during: Window | None = None
    at: Span | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Webhook:
    """Where each change of a member is sent. An address or a `${VARIABLE}`; the secrets are always variables.

    With two secrets each message has two signatures, while the receiver changes from one to the other. A request
    has up to `batch` messages; it has one alone, without a list around it, if `batch` is None.
    """

    url: str
    secrets: tuple[str, ...] = ()
    body: BodyForm = "plain"
    batch: int | None = None


@dataclass(frozen=True, slots=True)
class Segment:
    """One segment. `rules` is None where nothing narrows a list, a query or events; `scope` is a guard."""

    name: str
    type: SegmentType
    rules: Rule | None = None
    players: PlayerList | None = None
    trigger: Trigger | None = None
    query: str | None = None
    include: tuple[Adjustment, ...] = ()
    exclude: tuple[Adjustment, ...] = ()
    limit: Limit | None = None
    scope: Rule | None = None
    title: str = ""
    description: str = ""
    purpose: str = MARKETING
    tags: tuple[str, ...] = ()
    owner: str = ""
    protected: bool = False
    webhook: Webhook | None = None
    schedule: Duration | None = None
    renamed_from: str | None = None
    at: Span | None = field(default=None, compare=False, repr=False)
    renamed_at: Span | None = field(default=None, compare=False, repr=False)

    @property
    def address(self) -> str:
        return f"segment.{self.name}"

    @property
    def uses(self) -> frozenset[str]:
        """The segments this one asks about."""
        beside = (one.segments for one in (*self.include, *self.exclude))
        return used_segments(self.rules).union(*beside)


@dataclass(frozen=True, slots=True)
class NamedRule:
    """`kind: Rule`: a rule that others use by its name."""

    name: str
    rule: Rule
    title: str = ""
    description: str = ""
    at: Span | None = field(default=None, compare=False, repr=False)

    @property
    def address(self) -> str:
        return f"rule.{self.name}"


@dataclass(frozen=True, slots=True)
class NamedList:
    """`kind: List`: values that conditions compare with by the list's name."""

    name: str
    values: tuple[str, ...]
    title: str = ""
    description: str = ""
    at: Span | None = field(default=None, compare=False, repr=False)

    @property
    def address(self) -> str:
        return f"list.{self.name}"


@dataclass(frozen=True, slots=True)
class Guard:
    """What every member of a segment of one purpose must be. A missing value does not pass (strict.py)."""

    purpose: str
    rule: Rule
    at: Span | None = field(default=None, compare=False, repr=False)

    @property
    def address(self) -> str:
        return f"guard.{self.purpose}"


def follows(type_: str, *, narrowed: bool, ruled: bool) -> bool:
    """Can members move from one run to the next without a change of the definition?

    A guard, `scope` and `exclude` narrow a segment of any type; `rules`, `include` and `limit` rule a list too.
    """
    match type_:
        case "static":
            return narrowed
        case "players":
            return narrowed or ruled
        case _:
            return True
