"""A deployed casino and a run over it, which can be put back to its beginning and told apart by what it wrote."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from sqlalchemy import Connection, Table, select

from segctl.base.errors import Refused
from segctl.plan.seal import as_text, read_plan
from segctl.store.engine import open_state, reading
from segctl.store.tables import METADATA
from segctl.store.verify import Finding, verify
from tests.support.casino import Casino

Verb = Literal["apply", "refresh"]
# what a database sets by itself, so that two runs of the same differ in it
BY_ITSELF = {"audit": {"at", "previous", "hash"}, "state": {"audit_hash"}}

Stored = dict[str, list[tuple[Any, ...]]]


def deployed(casino: Casino) -> Casino:
    """Something of everything: rules, lists, static members, a triggered segment, ids in files."""
    casino.write("segments/dach.yaml", "kind: List\nname: dach\nvalues: [DE, AT]\n")
    casino.write("segments/payer.yaml", "kind: Rule\nname: payer\nrules: {deposit_count: {gte: 1}}\n")
    casino.segment("germans", {"country": {"in_list": "dach"}})
    casino.segment("payers", {"rule": "payer"})
    casino.segment("recent", {"last_login": {"within": "10d"}}, webhook={"url": "https://example.com/hook"})
    casino.segment("snapshot", {"vip_level": {"gte": 2}}, type="static")
    casino.segment("invited", type="players", players=["anna", "zoe"])
    casino.segment("both", {"all": [{"in_segment": "germans"}, {"in_segment": "payers"}]})
    casino.segment("welcome", type="triggered", enter={"event": "payments"}, **{"for": "30d"})
    casino.apply()
    return casino


def edited(casino: Casino) -> Casino:
    """Creates, updates, renames, replaces and archives, with a day gone by."""
    casino.later(days=1)
    casino.deposit("jack", 20)
    casino.write("segments/dach.yaml", "kind: List\nname: dach\nvalues: [DE, AT, IT]\n")
    casino.segment("british", {"country": "GB"})
    casino.segment("high", {"deposit_amount": {"gte": 100}}, limit={"top": 3, "by": "deposit_amount"})
    casino.remove("payers")
    casino.segment("paying", {"rule": "payer"}, renamed_from="payers")
    casino.segment("both", {"all": [{"in_segment": "germans"}, {"in_segment": "paying"}]})
    casino.segment("invited", type="players", players=["anna", "yves", "zoe"])
    casino.remove("recent")
    return casino


@dataclass(slots=True)
class Scene:
    """A run of one verb. `work` does it; the same again after any fault must end it."""

    casino: Casino
    verb: Verb
    restore: Callable[[], None] = field(init=False)

    def __post_init__(self) -> None:
        """The state as it is now is the beginning, which `restore` brings back."""
        if self.verb == "apply":
            self.casino.write("plan.json", as_text(edited(self.casino).plan()))
        else:
            self.casino.later(days=12)
            self.casino.deposit("jack", 20)
        self.restore = self.casino.kept()

    def work(self) -> None:
        """The command."""
        if self.verb == "apply":
            plan = (self.casino.root / "plan.json").read_text(encoding="utf-8")
            self.casino.apply_saved(read_plan(plan, "plan.json"))
        else:
            self.casino.refresh()

    def again(self) -> None:
        """The same command, blindly: an apply may find that all was done."""
        try:
            self.work()
        except Refused as refusal:
            if "applied already" not in refusal.message:
                raise

    def stored(self) -> Stored:
        """Every row of every table, but for what the database sets by itself."""
        return self._rows(METADATA.sorted_tables, BY_ITSELF)

    def settled(self) -> Stored:
        """Definitions, members and numbers of players, whichever run wrote them."""
        tables = [METADATA.tables[name] for name in ("object", "membership", "player_chunk")]
        return self._rows(tables, {table.name: {"serial"} for table in tables})

    def findings(self) -> list[Finding]:
        with reading(open_state(self.casino.context().state)) as connection:
            return verify(connection)

    def _rows(self, tables: Sequence[Table], without: Mapping[str, set[str]]) -> Stored:
        with reading(open_state(self.casino.context().state)) as connection:
            return {table.name: _sorted(connection, table, without.get(table.name, set())) for table in tables}


def _sorted(connection: Connection, table: Table, without: set[str]) -> list[tuple[Any, ...]]:
    columns = [column for column in table.c if column.name not in without]
    return sorted(map(tuple, connection.execute(select(*columns))), key=repr)
