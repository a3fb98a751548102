"""Pages of what segments share: rules, lists and guards, and who uses them."""

import pytest

from segctl.base.errors import Refused
from segctl.view.shared import shared_text
from segctl.workflow.show import shared, shared_page
from tests.support.casino import Casino
from tests.support.casino_facts import SETTINGS


@pytest.fixture
def deployed(casino: Casino) -> Casino:
    casino.write("segctl.yaml", SETTINGS + "guards: {marketing: {vip_level: {gte: 1}}}\n")
    casino.write("segments/r.yaml", "kind: Rule\nname: local\ntitle: Locals\nrules: {country: {in_list: dach}}\n")
    casino.write("segments/l.yaml", "kind: List\nname: dach\nvalues: [DE, AT]\n")
    casino.segment("germans", {"rule": "local"})
    casino.segment("numbers", {"country": {"in_list": "dach"}}, purpose="analysis")
    casino.apply()
    return casino


def told(casino: Casino, address: str) -> str:
    return shared_text(shared_page(shared(casino.context(), address)))


def test_a_rule_names_its_users(deployed: Casino) -> None:
    page = told(deployed, "rule.local")

    assert page.startswith("rule local · Locals\n")
    assert "used by   segment.germans\n" in page


def test_a_list_shows_its_values_and_users(deployed: Casino) -> None:
    page = told(deployed, "list.dach")

    assert "used by   rule.local, segment.numbers\n" in page
    assert page.endswith("2 values\nAT, DE\n")


def test_a_guard_counts_who_passes_and_names_its_segments(deployed: Casino) -> None:
    page = told(deployed, "guard.marketing")

    assert "players   7 pass it\n" in page
    assert "used by   segment.germans\n" in page


def test_what_is_not_there_is_refused_with_what_was_meant(deployed: Casino) -> None:
    with pytest.raises(Refused, match="No deployed list is called `dahc`") as refusal:
        shared(deployed.context(), "list.dahc")

    assert refusal.value.help == ("Did you mean `dach`?",)
