"""What holds for a whole project. Plain data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Environment:
    """Where player facts are read, and where segctl writes. `${VAR}` stands in both as it was written."""

    warehouse: str
    state: str


@dataclass(frozen=True, slots=True)
class Settings:
    """`timezone` is the name of a time zone that exists."""

    name: str
    timezone: str
    environments: Mapping[str, Environment]
