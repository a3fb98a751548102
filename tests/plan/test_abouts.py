"""What a plan carries of the catalog, so that it can speak of fields and of columns of events."""

from __future__ import annotations

from segctl.plan.abouts import abouts, used_abouts
from segctl.plan.document import FieldAbout
from tests.conftest import CASES
from tests.spec.reading import project

CATALOG = project({}, catalog=(CASES / "english" / "catalog.yaml").read_bytes()).catalog


def test_fields_scores_and_columns_are_known() -> None:
    known = abouts(CATALOG)

    assert known["age"] == FieldAbout("integer", "Age", "years")
    assert known["deposit_intent"] == FieldAbout("number", "Deposit intent")
    assert known["bets.stake"] == FieldAbout("money")


def test_only_what_definitions_name_is_carried() -> None:
    definition = {
        "rules": {"event": "bets", "where": {"provider": {"eq": "x"}}, "sum": {"loss": {"gte": 5}}},
        "limit": {"top": 5, "by": "total_deposit_amount"},
    }

    assert list(used_abouts([CATALOG], [definition, None])) == [
        "bets.loss",
        "bets.provider",
        "total_deposit_amount",
    ]
