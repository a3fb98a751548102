"""Environments: each has its own state; variables are asked of whoever runs, and passwords are never repeated."""

import pytest

from segctl.base.errors import Refused
from tests.support.casino import Casino

PASSWORD = "hunter2-canary"


def test_each_environment_has_its_own_state(casino: Casino) -> None:
    casino.segment("germans", {"country": "DE"})
    casino.apply()

    assert casino.plan().empty
    assert len(casino.plan("other").changes) == 2


def test_an_unknown_environment_names_those_that_are(casino: Casino) -> None:
    with pytest.raises(Refused) as refusal:
        casino.plan("production")

    assert "`production`" in refusal.value.message
    assert "dev, other, secret" in refusal.value.help[0]


def test_a_variable_that_is_not_set_is_named(casino: Casino) -> None:
    casino.variables = {"CASINO_WAREHOUSE": "duckdb:///warehouse.duckdb"}

    with pytest.raises(Refused, match="CASINO_STATE") as refusal:
        casino.plan("secret")

    assert "export CASINO_STATE=" in refusal.value.help[0]


def test_variables_are_used(casino: Casino) -> None:
    casino.variables = {
        "CASINO_WAREHOUSE": "duckdb:///warehouse.duckdb",
        "CASINO_STATE": "sqlite:///.segctl/secret.db",
    }
    casino.segment("germans", {"country": "DE"})

    assert len(casino.plan("secret").changes) == 2
    assert (casino.root / ".segctl/secret.db").is_file()


@pytest.mark.parametrize(
    "state",
    [
        f"postgresql://crm:{PASSWORD}@db/state",
        f"postgresql://db/state?user=crm&password={PASSWORD}",
        f"postgresql://db/state?sslkey=x&PASSWORD={PASSWORD}",
        f"host=db user=crm password={PASSWORD}",
        f"mysql://{PASSWORD}",
        PASSWORD,
        "",
    ],
)
def test_a_state_that_cannot_be_is_refused_without_its_password(casino: Casino, state: str) -> None:
    casino.variables = {"CASINO_WAREHOUSE": "duckdb:///warehouse.duckdb", "CASINO_STATE": state}

    with pytest.raises(Refused) as refusal:
        casino.plan("secret")

    said = f"{refusal.value.message} {refusal.value.help}"
    assert PASSWORD not in said
    assert "`state`" in said or "sqlite:///" in said


@pytest.mark.parametrize(
    "warehouse",
    [
        f"postgresql://crm:{PASSWORD}@db/players",
        f"md:players?motherduck_token={PASSWORD}",
        f"duckdb:///md:players?motherduck_token={PASSWORD}",
        f"duckdb:///nowhere.duckdb?password={PASSWORD}",
        f"host=db user=crm password={PASSWORD}",
        f"crm:{PASSWORD}@db/players",
        PASSWORD,
        "",
    ],
)
def test_a_warehouse_that_cannot_be_is_refused_without_its_password(casino: Casino, warehouse: str) -> None:
    casino.variables = {"CASINO_WAREHOUSE": warehouse, "CASINO_STATE": "sqlite:///.segctl/secret.db"}
    casino.segment("germans", {"country": "DE"})

    with pytest.raises(Refused) as refusal:
        casino.plan("secret")

    said = f"{refusal.value.message} {refusal.value.help}"
    assert PASSWORD not in said
    assert "warehouse:" in said
