"""A changed catalog changes members: the segments that use the changed field are told and moved, no others."""

import pytest

from tests.support.casino import CATALOG, Casino, actions, change_of


def deployed(casino: Casino) -> None:
    casino.sql("INSERT INTO payments VALUES (100, 'ines', ?, ?, 'withdrawal', 70)", casino.now, casino.now)
    casino.segment("payers", {"deposit_count": {"gte": 1}})
    casino.segment("payers-de", {"all": [{"in_segment": "payers"}, {"country": "DE"}]})
    casino.segment("germans", {"country": "DE"})
    casino.apply()
    casino.later(days=1)


def test_a_changed_metric_moves_who_uses_it(casino: Casino) -> None:
    deployed(casino)
    casino.write("segments/catalog.yaml", CATALOG.replace("{kind: deposit}, count", "{kind: withdrawal}, count"))

    plan = casino.apply()

    assert actions(plan) == {"catalog.small": ("update",)}
    assert [(one.name, one.because) for one in plan.secondary] == [
        ("payers", ("catalog.small",)),
        ("payers-de", ("segment.payers",)),
    ]
    assert (plan.secondary[0].impact.joining, plan.secondary[0].impact.leaving) == (1, 6)
    assert casino.members("payers") == {"ines"}
    assert casino.members("payers-de") == set()
    assert casino.causes("payers") == {"definition": (1, 6)}
    assert casino.causes("payers-de") == {"dependency": (0, 3)}
    assert casino.plan().empty


def test_titles_in_a_catalog_move_nobody(casino: Casino) -> None:
    deployed(casino)
    casino.change("emil", country="DE")
    casino.write("segments/catalog.yaml", CATALOG.replace("title: Country", "title: Land"))

    plan = casino.apply()

    assert actions(plan) == {"catalog.small": ("update",)}
    assert plan.secondary == ()
    assert casino.members("germans") == {"anna", "bert", "cara", "dora"}
    assert casino.plan().empty


def test_a_refresh_uses_the_deployed_catalog(casino: Casino) -> None:
    deployed(casino)
    before = casino.members("payers")
    casino.write("segments/catalog.yaml", CATALOG.replace("{kind: deposit}, count", "{kind: withdrawal}, count"))

    casino.refresh()

    assert casino.members("payers") == before


def test_a_new_field_and_its_first_user_come_together(casino: Casino) -> None:
    deployed(casino)
    casino.write(
        "segments/catalog.yaml",
        CATALOG + "  withdrawals: {of: payments, where: {kind: withdrawal}, count: true}\n",
    )
    casino.segment("takers", {"withdrawals": {"gte": 1}})

    plan = casino.apply()

    assert actions(plan) == {"catalog.small": ("update",), "segment.takers": ("create",)}
    assert plan.secondary == ()
    assert casino.members("takers") == {"ines"}


def test_a_field_goes_with_its_last_user(casino: Casino) -> None:
    deployed(casino)
    casino.write("segments/catalog.yaml", CATALOG.replace("  country:", "  land:"))
    casino.segment("germans", {"land": "DE"})
    casino.segment("payers-de", {"all": [{"in_segment": "payers"}, {"land": "DE"}]})

    plan = casino.apply()

    assert change_of(plan, "germans").keys == ("rules",)
    assert casino.members("germans") == {"anna", "bert", "cara", "dora"}
    assert casino.causes("germans") == {"definition": (4, 0)}  # still the first run's


def test_a_catalog_may_change_its_name(casino: Casino) -> None:
    deployed(casino)
    casino.write("segments/catalog.yaml", CATALOG.replace("name: small", "name: large"))

    plan = casino.apply()

    assert actions(plan) == {"catalog.large": ("create",), "catalog.small": ("archive",)}
    assert casino.plan().empty
    assert casino.refresh().looked.of == 10


@pytest.mark.parametrize("also", [False, True], ids=["catalog alone", "with a changed rule"])
def test_a_column_renamed_in_the_warehouse_can_be_followed(casino: Casino, also: bool) -> None:  # noqa: FBT001
    deployed(casino)
    casino.sql("ALTER TABLE players RENAME COLUMN country TO country_code")
    casino.write("segments/catalog.yaml", CATALOG.replace("column: country,", "column: country_code,"))
    if also:
        casino.segment("germans", {"country": ["DE", "IT"]})

    casino.apply()

    assert casino.members("germans") == {"anna", "bert", "cara", "dora"} | ({"hugo", "ines"} if also else set())
    assert casino.plan().empty
