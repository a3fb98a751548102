"""The fields of a catalog as authors look them up: true examples, true places, and who uses what."""

from __future__ import annotations

from pathlib import Path

import pytest

from segctl.base.errors import Mistakes, Refused
from segctl.spec.examples import example_rule, examples, narrowed
from segctl.spec.scope import of_catalog
from segctl.workflow.fields import field_page, field_rows, fields_of
from segctl.workflow.load import load
from tests.support.casino import Casino

ROOT = Path(__file__).parent.parent.parent
LIBRARY = fields_of(load(ROOT))
SCOPE = of_catalog(LIBRARY.catalog)


@pytest.mark.parametrize("name", SCOPE.subjects)
def test_every_operator_has_an_example_that_is_a_rule(name: str) -> None:
    subject = SCOPE.subjects[name]
    shown = examples(subject)

    # a list has a name of its own in each project
    assert [operator for operator, _ in shown] == [one for one in subject.operators if one != "in_list"]
    assert [text for _, text in shown if example_rule(text, SCOPE) is None] == []
    assert [text for text in narrowed(subject) if example_rule(text, SCOPE) is None] == []


@pytest.mark.parametrize("name", SCOPE.subjects)
def test_a_field_says_how_it_is_made_and_stands_where_it_says(name: str) -> None:
    page = field_page(LIBRARY, name)
    file, line, column = page.at.rsplit(":", 2)

    assert all(page.made)
    assert all(one.english for one in page.examples)
    assert (ROOT / file).read_text().splitlines()[int(line) - 1][int(column) - 1 :] == f"{name}:"


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("country", ["the column players.country"]),
        ("consent_email", ["the column player_consents.email of the player in player_id"]),
        ("age", ["whole years since date_of_birth, counted up on the birthday"]),
        (
            "churn_score",
            ["score of the latest row of scores where model is churn, if it is not older than 7 days"],
        ),
        ("net_deposits", ["total_deposit_amount minus total_withdrawal_amount"]),
        ("bonus_share", ["bonus_used_amount divided by total_deposit_amount"]),
        ("activity_days", ["on how many local days there are any sessions"]),
        ("casino_player", ["whether there are any bets where product is casino"]),
        ("gross_gaming_revenue", ["the sum of loss (stake minus win) of bets"]),
        (
            "last_deposit_date",
            ["occurred_at of the last of payments where kind is deposit and status is captured"],
        ),
        (
            "sports_bet_count",
            [
                "real: how many bets there are where product is sports and stake real more than 0.00",
                "bonus: how many bets there are where product is sports and stake bonus more than 0.00",
                "both: how many bets there are where product is sports",
            ],
        ),
    ],
)
def test_how_a_field_is_made(name: str, told: list[str]) -> None:
    assert list(field_page(LIBRARY, name).made) == told


def test_the_stored_columns_of_a_difference_are_those_of_its_parts() -> None:
    assert field_page(LIBRARY, "gross_gaming_revenue").columns == (
        *("bets.player_id", "bets.occurred_at"),
        *("bets.base_stake", "bets.base_win"),
    )


def test_who_uses_a_field_is_told_with_file_and_line(casino: Casino) -> None:
    casino.segment("rich", {"all": [{"vip_level": 1}, {"deposit_amount": {"gte": 5}}]})
    path = casino.segment("poor", {"all": [{"country": "DE"}, {"none": [{"deposit_amount": {"gte": 5}}]}]})
    line = next(n for n, text in enumerate(path.read_text().splitlines(), 1) if "deposit_amount" in text)

    uses = field_page(fields_of(casino.loaded()), "deposit_amount").uses

    assert [(one.kind, one.name) for one in uses] == [("segment", "poor"), ("segment", "rich")]
    assert (uses[0].file, uses[0].line) == ("segments/poor.yaml", line)


def test_rules_guards_and_limits_use_fields(casino: Casino) -> None:
    casino.write("segments/rules.yaml", "kind: Rule\nname: rich\nrules: {deposit_amount: {gte: 5}}\n")
    casino.segment("top", {"rule": "rich"}, limit={"top": 5, "by": "deposit_amount"})
    settings = casino.root / "segctl.yaml"
    settings.write_text(settings.read_text() + "guards: {marketing: {deposit_amount: {gte: 0}}}\n")

    uses = field_page(fields_of(casino.loaded()), "deposit_amount").uses

    assert casino.loaded().diagnostics == ()
    assert sorted((one.kind, one.name) for one in uses) == [
        *(("guard", "marketing"), ("rule", "rich"), ("segment", "top"))
    ]
    assert [one.file for one in uses if one.kind == "guard"] == ["segctl.yaml"]


def test_fields_that_are_made_of_a_field_use_it() -> None:
    uses = {(one.kind, one.name) for one in field_page(LIBRARY, "total_deposit_amount").uses}

    assert {("metric", "net_deposits"), ("metric", "bonus_share")} <= uses
    assert ("attribute", "age") in {(one.kind, one.name) for one in field_page(LIBRARY, "date_of_birth").uses}


def test_groups_keep_together_in_the_order_of_the_catalog() -> None:
    groups = [row.group for row in field_rows(LIBRARY)]

    assert [one for at, one in enumerate(groups) if one not in groups[:at]] == [
        one for at, one in enumerate(groups) if at == 0 or groups[at - 1] != one
    ]
    assert {row.group for row in field_rows(LIBRARY, "deposits")} == {"Deposits"}


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("total_depsoit_amount", "Did you mean `total_deposit_amount`?"),
        ("xyzzy", "All fields: segctl catalog list"),
    ],
)
def test_an_unknown_field_is_refused_with_the_nearest(name: str, hint: str) -> None:
    with pytest.raises(Refused) as refusal:
        field_page(LIBRARY, name)

    assert refusal.value.help == (hint,)


def test_an_unknown_group_is_refused_with_the_nearest() -> None:
    with pytest.raises(Refused) as refusal:
        field_rows(LIBRARY, "Deposit")

    assert refusal.value.help == ("Did you mean `Deposits`?",)


def test_a_catalog_with_mistakes_shows_them(casino: Casino) -> None:
    casino.write("segments/catalog.yaml", (casino.root / "segments/catalog.yaml").read_text() + "sum: 1\n")

    with pytest.raises(Mistakes) as mistakes:
        fields_of(casino.loaded())

    assert "SEG102" in [one.code for one in mistakes.value.diagnostics]


def test_mistakes_of_segments_do_not_hide_the_fields(casino: Casino) -> None:
    casino.segment("broken", {"countri": "DE"})

    assert [row.name for row in field_rows(fields_of(casino.loaded()))][:2] == ["country", "vip_level"]
