"""What events are called, and how many of them."""

from __future__ import annotations

import pytest

from segctl.view.nouns import article, be, plural, quantity, singular


@pytest.mark.parametrize(
    ("one", "many"),
    [
        ("bet", "bets"),
        ("payment", "payments"),
        ("bonus", "bonuses"),
        ("house", "houses"),
        ("match", "matches"),
        ("box", "boxes"),
        ("purchase", "purchases"),
        ("loss", "losses"),
        ("activity", "activities"),
        ("day", "days"),
        ("login", "logins"),
        ("crm event", "crm events"),
    ],
)
def test_one_and_many(one, many) -> None:
    assert singular(many) == one
    assert plural(one) == many
    assert plural(many) == many


@pytest.mark.parametrize(
    ("noun", "said"),
    [("stake", "is"), ("minutes", "are"), ("status", "is"), ("loss", "is"), ("odds", "are"), ("", "is")],
)
def test_the_verb_agrees(noun, said) -> None:
    assert be(noun) == said


@pytest.mark.parametrize(
    ("noun", "said"),
    [
        ("bet", "a"),
        ("adjustment", "an"),
        ("rg event", "an"),
        ("crm event", "a"),
        ("user", "a"),
        ("x", "an"),
        ("", "a"),
    ],
)
def test_the_article_is_as_spoken(noun, said) -> None:
    assert article(noun) == said


@pytest.mark.parametrize(
    ("tests", "said", "opposite"),
    [
        ({"gte": 3}, "at least 3 bets", "fewer than 3 bets"),
        ({"gte": 1}, "at least 1 bet", "no bets"),
        ({"gt": 0}, "at least 1 bet", "no bets"),
        ({"gt": 1}, "more than 1 bet", "at most 1 bet"),
        ({"lt": 1}, "no bets", "at least 1 bet"),
        ({"lte": 0}, "no bets", "at least 1 bet"),
        ({"lt": 3}, "fewer than 3 bets", "at least 3 bets"),
        ({"lte": 1200}, "at most 1,200 bets", "more than 1,200 bets"),
        ({"eq": 0}, "no bets", "at least 1 bet"),
        ({"eq": 2}, "exactly 2 bets", "any number of bets but 2"),
        ({"ne": 0}, "at least 1 bet", "no bets"),
        ({"ne": 2}, "any number of bets but 2", "exactly 2 bets"),
        ({"between": [2, 5]}, "between 2 and 5 bets", "fewer than 2 or more than 5 bets"),
        ({"in": [1, 2, 3]}, "exactly 1, 2 or 3 bets", "any number of bets but 1, 2 or 3"),
        ({"not_in": [1, 2]}, "any number of bets but 1 or 2", "exactly 1 or 2 bets"),
        ({"gte": 2, "lt": 5}, "at least 2 and fewer than 5 bets", ""),
        ({"gte": 2, "not_in": [4, 5]}, "at least 2 but not 4 or 5 bets", ""),
    ],
)
def test_how_many_and_the_opposite(tests, said, opposite) -> None:
    assert quantity(tests, "bet", "bets") == said
    assert quantity(tests, "bet", "bets", negated=True) == opposite
