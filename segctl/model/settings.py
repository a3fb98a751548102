"""What holds for a whole project. Plain data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal

from segctl.model.access import Grant
from segctl.model.policy import NO_POLICIES, Policies
from segctl.model.time import Duration

INGEST_LAG = Duration(seconds=600)


@dataclass(frozen=True, slots=True)
class Environment:
    """Where player facts are read, and where segctl writes. `${VAR}` stands in all as it was written.

    `features` is the file in which a refresh keeps what the next one begins with; `ingest_lag` how much later than
    others a row may be seen that became known at the same time. `publish` is where its tables of members are kept.
    """

    warehouse: str
    state: str
    features: str | None = None
    ingest_lag: Duration = INGEST_LAG
    publish: str | None = None


@dataclass(frozen=True, slots=True)
class Limits:
    """What one plan may do to a segment without being asked: None is no limit. `max_change` is in percent."""

    max_change: Decimal | None = None
    min_members: int | None = None
    max_members: int | None = None


NO_LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class Webhooks:
    """How changes are sent. `private_hosts` may be sent to although their addresses are private.

    Edits that would send more messages than `ask_above` want to be told so. What cannot be delivered is kept for
    `keep`.
    """

    private_hosts: frozenset[str] = frozenset()
    ask_above: int = 10_000
    keep: timedelta = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Publishing:
    """Where tables of members are kept, unless an environment says otherwise, and in which schema."""

    to: str | None = None
    schema: str = "segments"


@dataclass(frozen=True, slots=True)
class Settings:
    """`timezone` is the name of a time zone that exists; `allow` are hazards that need no `--allow` here.

    Without `access`, everybody may plan and apply everything.
    """

    name: str
    timezone: str
    environments: Mapping[str, Environment]
    limits: Limits = NO_LIMITS
    allow: frozenset[str] = frozenset()
    policies: Policies = NO_POLICIES
    access: tuple[Grant, ...] = ()
    webhooks: Webhooks = Webhooks()
    # the fields that the figures of insights read, where they are not the shipped catalog's
    insights: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    publish: Publishing = Publishing()
