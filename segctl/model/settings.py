"""What holds for a whole project. Plain data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from segctl.model.access import Grant
from segctl.model.policy import NO_POLICIES, Policies
from segctl.model.time import Duration

INGEST_LAG = Duration(seconds=600)


@dataclass(frozen=True, slots=True)
class Environment:
    """Where player facts are read, and where segctl writes. `${VAR}` stands in all as it was written.

    `features` is the file in which a refresh keeps what the next one begins with; `ingest_lag` how much later than
    others a row may be seen that became known at the same time.
    """

    warehouse: str
    state: str
    features: str | None = None
    ingest_lag: Duration = INGEST_LAG


@dataclass(frozen=True, slots=True)
class Limits:
    """What one plan may do to a segment without being asked: None is no limit. `max_change` is in percent."""

    max_change: Decimal | None = None
    min_members: int | None = None
    max_members: int | None = None


NO_LIMITS = Limits()


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
