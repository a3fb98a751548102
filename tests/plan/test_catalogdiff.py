"""Which fields a changed catalog computes in another way: those and no others."""

import pytest

from segctl.model.catalog import Catalog
from segctl.plan.catalogdiff import changed_fields
from tests.support.casino import CATALOG, Casino

BASE = (
    CATALOG
    + """\
  largest_deposit: {of: payments, where: {all: [{kind: deposit}, {amount: {gte: 1}}]}, max: amount}
  net: {subtract: [deposit_amount, largest_deposit]}
"""
)
METRICS = {"deposit_count", "deposit_amount", "largest_deposit", "net"}


def changed(casino: Casino, *edits: tuple[str, str]) -> frozenset[str]:
    edited = BASE
    for old, new in edits:
        assert old in edited
        edited = edited.replace(old, new)
    found = changed_fields(read(casino, BASE), read(casino, edited))
    return frozenset(name for name in found if not name.startswith("events."))


def read(casino: Casino, text: str) -> Catalog:
    casino.write("segments/catalog.yaml", text)
    loaded = casino.loaded()
    assert not loaded.failed
    assert loaded.project.catalog is not None
    return loaded.project.catalog


@pytest.mark.parametrize(
    "edit",
    [
        ("title: Country", "title: Land"),
        ("pii: true, ", ""),
        ("[deposit, withdrawal]", "[withdrawal, refund, deposit]"),
        ("{all: [{kind: deposit}, {amount: {gte: 1}}]}", "{all: [{amount: {gte: 1}}, {kind: deposit}]}"),
        ("      amount: {type: money}\n", "      amount: {type: money}\n      method: {type: string}\n"),
        ("currency: EUR\n", "currency: USD\n"),
    ],
    ids=["a title", "what is private", "allowed values", "order of conditions", "one more column", "currency"],
)
def test_what_does_not_decide_values_changes_no_field(casino: Casino, edit: tuple[str, str]) -> None:
    assert changed(casino, edit) == frozenset()


@pytest.mark.parametrize(
    ("edit", "fields"),
    [
        (("column: vip_level", "column: vip"), {"vip_level"}),
        (("{gte: 1}", "{gte: 2}"), {"largest_deposit", "net"}),
        (("amount: {type: money}", "amount: {type: money, column: eur}"), METRICS - {"deposit_count"}),
        (("kind: {type: string,", "kind: {type: string, column: sort,"), METRICS),
        (("time: occurred_at", "time: settled_at"), METRICS),
        (("table: payments", "table: settlements"), METRICS),
        (("max: amount", "min: amount"), {"largest_deposit", "net"}),
        (("key: player_id", "key: id"), METRICS | {"country", "vip_level", "email", "last_login"}),
    ],
    ids=[
        "a column",
        "a condition",
        "a measure's column",
        "a condition's column",
        "time",
        "table",
        "measure",
        "key",
    ],
)
def test_what_decides_values_changes_its_fields(casino: Casino, edit: tuple[str, str], fields: set[str]) -> None:
    assert changed(casino, edit) == fields


def test_order_of_columns_changes_no_field(casino: Casino) -> None:
    kind = "      kind: {type: string, values: [deposit, withdrawal]}\n"
    amount = "      amount: {type: money}\n"

    assert changed(casino, (kind + amount, amount + kind)) == frozenset()
