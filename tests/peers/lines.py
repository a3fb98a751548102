"""The peers' cases as they lie beside the project: finds and reads them. Judges nothing."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

SUITES = ("featurevisor", "growthbook", "posthog-python", "unleash")
# One leaf of a rule: `attr`, `op`, mostly `value`, sometimes `ci`.
Condition = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a suite. `number` counts from 1. `expect` is true, false, or the text "inconclusive"."""

    suite: str
    number: int
    id: str
    rule: Mapping[str, Any]
    subject: Mapping[str, Any]
    now: str | None
    expect: bool | str
    lists: Mapping[str, Any]

    @property
    def name(self) -> str:
        """The name of its segment and of its player."""
        return f"{self.suite}-{self.number}"


def shared(name: str) -> Path | None:
    """A folder beside the repository, or below the one that SEGCTL_SHARED names; None if it is not there."""
    roots = [Path(__file__).parents[3] / "shared"]
    if "SEGCTL_SHARED" in os.environ:
        roots.insert(0, Path(os.environ["SEGCTL_SHARED"]))
    return next((found for root in roots if (found := root / name).is_dir()), None)


FOLDER = shared("peer-cases")
needs_peer_cases = pytest.mark.skipif(
    FOLDER is None, reason="the peers' cases are not here: no folder shared/peer-cases beside the repository"
)


def read_lines() -> list[Line]:
    """Every line of every suite."""
    return [
        Line(
            suite,
            number,
            row["id"],
            row["rule"],
            row["subject"],
            row.get("now"),
            row["expect"],
            row.get("lists", {}),
        )
        for suite in SUITES
        for number, row in enumerate(map(json.loads, _text(f"{suite}.jsonl").strip().split("\n")), 1)
    ]


def read_json(name: str) -> Any:
    """A file that is one JSON document."""
    return json.loads(_text(name))


def conditions(rule: Mapping[str, Any]) -> Iterator[Condition]:
    """The leaves of a rule; a constant has no leaf."""
    match rule:
        case {"op": _}:
            yield rule
        case {"not": part}:
            yield from conditions(part)
        case {"all": parts} | {"any": parts}:
            for part in parts:
                yield from conditions(part)
        case _:
            return


def _text(name: str) -> str:
    assert FOLDER is not None
    return (FOLDER / name).read_text(encoding="utf-8")
