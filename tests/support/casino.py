"""A small casino on disk: a project, a warehouse of ten players whose facts a test can change, and a clock.

Its state is a file beside them, or, with `ON_BOTH`, that and then a database on PostgreSQL.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import psycopg
import pytest
import yaml

from segctl.base.errors import Refused
from segctl.base.timings import Timings, untimed
from segctl.files.commit import commit_of
from segctl.plan.document import Change, Plan
from segctl.plan.hazards import WORDS
from segctl.plan.seal import as_text, read_plan
from segctl.store.engine import open_state, reading
from segctl.store.state import upgrade
from segctl.store.tables import METADATA
from segctl.view.erasure import Erasure
from segctl.view.plan import plan_text
from segctl.workflow.apply import Applied, apply_planned, apply_saved
from segctl.workflow.context import Author, Context, context
from segctl.workflow.difference import difference, unchanged
from segctl.workflow.forget import forget, sought
from segctl.workflow.load import Loaded, load
from segctl.workflow.look import look
from segctl.workflow.members import members
from segctl.workflow.plan import Planned, planned
from segctl.workflow.player import moves_of
from segctl.workflow.refresh import Refreshed, refresh
from segctl.workflow.story import moves
from tests.support.casino_facts import CATALOG, START, write_casino
from tests.support.postgres import kept

__all__ = ["CATALOG", "ON_BOTH", "START", "Casino", "actions", "change_of", "new_casino", "refused"]

SQLITE = "sqlite:///.segctl/state.db"
# a module's tests, each with a state in SQLite and with one on PostgreSQL
ON_BOTH = pytest.mark.parametrize("casino", ["sqlite", "postgres"], indirect=True)


@dataclass(slots=True)
class Casino:
    """A project at `root`, and the instant that its walks take for now; `wall` is the clock's, if another."""

    root: Path
    now: datetime = START
    wall: datetime | None = None
    variables: dict[str, str] = field(default_factory=dict)
    # the hazards that are let pass: all, where a test is about something else
    allow: tuple[str, ...] = tuple(WORDS)
    # the address of the state on PostgreSQL, if it is there
    postgres: str | None = None
    # what times the runs
    timings: Timings = field(default_factory=untimed)

    # the files

    def write(self, name: str, text: str) -> Path:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    def segment(self, name: str, rules: Any = None, **keys: Any) -> Path:
        """Writes a segment to the file of its name; dynamic unless `type` says otherwise."""
        document: dict[str, Any] = {"kind": "Segment", "name": name, "type": "dynamic", **keys}
        if rules is not None:
            document["rules"] = rules
        return self.write(f"segments/{name}.yaml", yaml.safe_dump(document, sort_keys=False, allow_unicode=True))

    def remove(self, name: str) -> None:
        (self.root / f"segments/{name}.yaml").unlink()

    # the warehouse and the clock

    def sql(self, statement: str, *values: Any) -> None:
        with duckdb.connect(str(self.root / "warehouse.duckdb")) as connection:
            connection.execute(statement, list(values))

    def change(self, player: str, **facts: Any) -> None:
        """Changes a player's profile, as of now."""
        for column, value in {**facts, "updated_at": self.now}.items():
            self.sql(f"UPDATE players SET {column} = ? WHERE player_id = ?", value, player)

    def deposit(self, player: str, amount: int, *, days_ago: float = 0) -> None:
        """A deposit that becomes known now."""
        self.sql(
            "INSERT INTO payments SELECT count(*) + 1, ?, ?, ?, 'deposit', ? FROM payments",
            *(player, self.now - timedelta(days=days_ago), self.now, amount),
        )

    def later(self, **by: float) -> None:
        self.now += timedelta(**by)

    # the walks

    def context(self, environment: str | None = None, *, lock_timeout: float = 10.0) -> Context:
        settings = self.loaded().settings
        assert settings is not None
        found = context(
            self.root,
            settings,
            environment,
            now=self.now,
            at=self.wall or self.now,
            author=Author("Ann <ann@example.org>"),
            variables=self.variables,
            lock_timeout_seconds=lock_timeout,
            allow=self.allow,
        )
        return replace(found, timings=self.timings)

    def loaded(self) -> Loaded:
        return load(self.root)

    def planned(self, environment: str | None = None) -> Planned | Plan:
        """What a plan finds: a bare plan if nothing changes."""
        context, loaded = self.context(environment), self.loaded()
        seen = look(context, loaded)
        found = difference(context, loaded, seen)
        commit = commit_of(self.root)
        assert seen is None or not (seen.agree and found.steps), "a look says nothing else than the difference"
        if not found.steps:
            return unchanged(context, loaded, found, commit)
        made = planned(context, loaded, found, commit)
        assert plan_text(made.plan), "every plan can be told"
        return made

    def plan(self, environment: str | None = None) -> Plan:
        made = self.planned(environment)
        return made if isinstance(made, Plan) else made.plan

    def apply(self) -> Plan:
        """Plans and applies; the plan that was applied."""
        made = self.planned()
        assert not isinstance(made, Plan), "there is nothing to apply"
        return apply_planned(self.context(), made).plan

    def apply_saved(self, plan: Plan, environment: str | None = None) -> Applied:
        """Applies a plan as it is after being saved and read again."""
        return apply_saved(self.context(environment), self.loaded(), read_plan(as_text(plan), "plan.json"))

    def refresh(self) -> Refreshed:
        return refresh(self.context())

    def forget(self, player: str, reason: str = "") -> Erasure:
        sought(self.context(), self.loaded(), player)
        return forget(self.context(), self.loaded(), player, reason)

    # what can be seen afterwards

    def members(self, name: str) -> set[str]:
        return {one.player_id for one in members(self.context(), name).members}

    def since(self, name: str) -> dict[str, datetime | None]:
        return {one.player_id: one.since for one in members(self.context(), name).members}

    def causes(self, name: str) -> dict[str, tuple[int, int]]:
        """The newest run of a segment's history: by cause, how many joined and left."""
        found = moves(self.context(), name, 50)
        return {one.cause: (one.joined, one.left) for one in found if one.serial == found[0].serial}

    def story(self, player: str) -> list[tuple[str, str, str]]:
        """A player's moves, oldest first: segment, direction, cause."""
        found = moves_of(self.context(), player, None)
        return [(one.segment, one.move.direction, one.move.cause) for one in reversed(found)]

    @property
    def state(self) -> Path:
        return self.root / ".segctl/state.db"

    def move_to_postgres(self, address: str) -> None:
        """From now on the state is there, a new one."""
        self.point_at(address)
        self.postgres = address
        upgrade(open_state(address), self.now)

    def point_at(self, address: str) -> None:
        """Writes an address of the state into the settings."""
        settings = (self.root / "segctl.yaml").read_text(encoding="utf-8")
        written, found = re.subn(
            r"(?m)^(  dev:\n    .*\n    state: ).*$", lambda seen: f'{seen[1]}"{address}"', settings
        )
        assert found == 1
        self.write("segctl.yaml", written)

    def forget_state(self) -> None:
        """Another state stands in its place, a new one."""
        if self.postgres is None:
            for path in self.state.parent.glob("state.db*"):
                path.unlink()
            return
        with psycopg.connect(self.postgres, autocommit=True) as connection:
            connection.execute("DROP SCHEMA segctl CASCADE")
        upgrade(open_state(self.postgres), self.now)

    def kept(self) -> Callable[[], None]:
        """Keeps the state as it is: what is given brings it back."""
        if self.postgres is None:
            files = {path: path.read_bytes() for path in self.state.parent.iterdir()}
            return lambda: _bring_back(self.state.parent, files)
        return kept(self.postgres)

    def stored(self) -> list[str]:
        """Everything in the state, as text."""
        if self.postgres is not None:
            with reading(open_state(self.postgres)) as database:
                tables = METADATA.sorted_tables
                return [f"{one.name} {sorted(map(repr, database.execute(one.select())))}" for one in tables]
        connection = sqlite3.connect(self.state)
        try:
            return list(connection.iterdump())
        finally:
            connection.close()


def _bring_back(folder: Path, files: Mapping[Path, bytes]) -> None:
    for path in folder.iterdir():
        path.unlink()
    for path, content in files.items():
        path.write_bytes(content)


def new_casino(root: Path) -> Casino:
    """A new casino, with settings and a catalog, and no segments."""
    write_casino(root)
    return Casino(root)


@contextmanager
def refused(casino: Casino, *words: str) -> Iterator[None]:
    """What is in the block is refused with these words, and the state is as it was, to the letter."""
    before = casino.stored()
    with pytest.raises(Refused) as refusal:
        yield
    said = " ".join((refusal.value.message, *refusal.value.help))
    assert [word for word in words if word not in said] == [], said
    assert refusal.value.help, "a refusal names the way out"
    assert casino.stored() == before


def change_of(plan: Plan, name: str) -> Change:
    """The change of one segment."""
    return next(one for one in plan.changes if one.name == name)


def actions(plan: Plan) -> Mapping[str, tuple[str, ...]]:
    """What a plan does, by address."""
    return {one.address: one.actions for one in plan.changes}
