"""What every walk is given: where the project is, where its databases are, who asks, and when. Plain data."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from segctl.base.errors import Refused
from segctl.base.timings import Timings, untimed
from segctl.model.access import Grant
from segctl.model.policy import NO_POLICIES, Policies
from segctl.model.settings import NO_LIMITS, Environment, Limits, Publishing, Settings, Webhooks
from segctl.model.time import MICROS_PER_SECOND, Clock
from segctl.workflow.progress import Watch, unwatched

if TYPE_CHECKING:  # most runs have no approvals
    from segctl.plan.policy import Given

_VARIABLE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")
_FILES = ("duckdb:///", "sqlite:///", "parquet:///")


@dataclass(frozen=True, slots=True)
class Author:
    """Who asks: a name for lists, and what else is known of them for the audit log (user, git, CI)."""

    name: str
    detail: Mapping[str, Any] = field(default_factory=dict)

    @property
    def known_as(self) -> str:
        """As settings name people: by a CI system that vouches for them, by git's e-mail address, or empty."""
        ci, git = self.detail.get("ci") or {}, self.detail.get("git") or {}
        actor = ci.get("GITHUB_ACTOR") or ci.get("GITLAB_USER_LOGIN")
        return f"{ci['system']}:{actor}" if actor else str(git.get("email", ""))


@dataclass(frozen=True, slots=True)
class Context:
    """One run in one environment.

    `clock` is the instant that members are evaluated at, `at` the one on the wall: what the log says. A URL is
    completed when it is used, so that who only reads the state need not know the warehouse's variables. `watch` is
    told how far an evaluation is, `timings` where its time goes. `limits` and `allowed` are the settings' word on
    hazards, `allow` the permissions of this run, `policies` say which changes need whose approval, and
    `approvals` are those that were given. `access` says who may do what.
    """

    root: Path
    environment: str
    written: Environment
    variables: Mapping[str, str] = field(repr=False)
    clock: Clock
    at: datetime
    author: Author
    lock_timeout_seconds: float = 10.0
    watch: Watch = unwatched
    limits: Limits = NO_LIMITS
    allowed: frozenset[str] = frozenset()
    allow: tuple[str, ...] = ()
    policies: Policies = NO_POLICIES
    approvals: tuple[Given, ...] = ()
    access: tuple[Grant, ...] = ()
    webhooks: Webhooks = field(default_factory=Webhooks)
    publishing: Publishing = field(default_factory=Publishing)
    timings: Timings = field(default_factory=untimed, repr=False, compare=False)

    @property
    def warehouse(self) -> str:
        """Its URL without variables and relative paths. Raises: Refused."""
        return self._url(self.written.warehouse)

    @property
    def state(self) -> str:
        """Its URL, in the same way. Raises: Refused."""
        return self._url(self.written.state)

    @property
    def publishes(self) -> bool:
        """Are tables of members kept anywhere?"""
        return (self.written.publish or self.publishing.to) is not None

    @property
    def published(self) -> str:
        """Where tables of members are kept, in the same way. Raises: Refused, if that is nowhere."""
        written = self.written.publish or self.publishing.to
        if written is None:
            raise Refused(
                f"Nothing says where tables of environment `{self.environment}` are kept.",
                'Write `publish: {to: "${SEGCTL_PUBLISH}"}` in segctl.yaml, or `publish:` of the environment.',
            )
        return self._url(written)

    @property
    def keeps(self) -> bool:
        """Does a refresh keep what the next begins with? Not of what a cluster reads. Raises: Refused."""
        return not self.warehouse.startswith("sc://")

    @property
    def features(self) -> Path:
        """The file of the feature state. Raises: Refused."""
        if self.written.features is None:
            return self.root / ".segctl" / f"features-{self.environment}"
        return self.root / self._url(self.written.features)

    @property
    def ingest_lag_micros(self) -> int:
        return self.written.ingest_lag.seconds * MICROS_PER_SECOND

    @property
    def now(self) -> datetime:
        return self.clock.as_of

    def _url(self, written: str) -> str:
        missing = [name for name in _VARIABLE.findall(written) if name not in self.variables]
        if missing:
            raise Refused(
                f"Environment `{self.environment}` needs the variable {missing[0]}, which is not set.",
                f"Set it, e.g. `export {missing[0]}=…`, or choose another environment with --env.",
            )
        url = _VARIABLE.sub(lambda found: self.variables[found[1]], written)
        for scheme in _FILES:
            if url.startswith(scheme):
                return f"{scheme}{self.root / url.removeprefix(scheme)}"
        return url


def context(
    root: Path,
    settings: Settings,
    environment: str | None,
    *,
    now: datetime,
    at: datetime,
    author: Author,
    variables: Mapping[str, str],
    lock_timeout_seconds: float,
    allow: tuple[str, ...] = (),
) -> Context:
    """The context of an environment by name; None is the first in segctl.yaml.

    Raises: Refused, when there is no such environment.
    """
    names = list(settings.environments)
    name = environment or names[0]
    if name not in settings.environments:
        raise Refused(f"segctl.yaml has no environment `{name}`.", f"It has: {', '.join(names)}.  (--env NAME)")
    return Context(
        root=root,
        environment=name,
        written=settings.environments[name],
        variables=variables,
        clock=Clock(now, ZoneInfo(settings.timezone)),
        at=at,
        author=author,
        lock_timeout_seconds=lock_timeout_seconds,
        limits=settings.limits,
        allowed=settings.allow,
        allow=allow,
        policies=settings.policies,
        access=settings.access,
        webhooks=settings.webhooks,
        publishing=settings.publish,
    )
