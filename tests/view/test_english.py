"""Rules and how they are told: each file of tests/cases/english has rules, and below each its English."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

import pytest

from segctl.model.canonical_rule import rule_document
from segctl.model.parts import HEADS
from segctl.model.rule import GroupWord, Operator
from segctl.plan.abouts import abouts
from segctl.plan.document import FieldAbout
from segctl.view.condition import condition
from segctl.view.english import listed, outline, sentence
from segctl.view.speech import Speech
from tests.conftest import CASES
from tests.spec.reading import project, segment_text

FILES = sorted((CASES / "english").glob("*.txt"))
TABLE = CASES / "sentences.txt"
CATALOG = (CASES / "english" / "catalog.yaml").read_bytes()
OTHERS = {
    **{f"{name}.yaml": segment_text("{country: DE}", name) for name in ("vip", "bonus-abusers")},
    "rule.yaml": "kind: Rule\nname: active-depositor\nrules: {total_deposit_count: {gte: 1}}\n",
    "list.yaml": "kind: List\nname: dach\nvalues: [AT, CH, DE]\n",
}


def read(rule):
    """A rule on one line, as its author writes it → its canonical document, and how to speak of it."""
    text = rule if rule.startswith("{") else f"{{{rule}}}"
    found = project({**OTHERS, "s.yaml": segment_text(text)}, catalog=CATALOG)
    errors = [one for one in found.diagnostics if one.severity == "error"]
    assert not errors, errors
    return rule_document(found.segments["s"].rules), Speech(abouts(found.catalog), found.catalog.currency)


def told(rule):
    document, speech = read(rule)
    lines = [f"    {'  ' * depth}{text}" for depth, text in outline(document, speech)]
    return lines if len(lines) == 1 else [*lines, f"    = {sentence(document, speech)}"]


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_rules_read_as_english(file: Path, *, accept: bool) -> None:
    rules = [block.splitlines()[0] for block in file.read_text().split("\n\n")]

    said = "\n\n".join("\n".join([rule, *told(rule)]) for rule in rules) + "\n"

    if accept:
        file.write_text(said)
    assert said == file.read_text()


def test_every_rule_of_the_table_is_a_sentence(*, accept: bool) -> None:
    rules = [block.splitlines()[0] for block in TABLE.read_text().split("\n\n")]

    said = "\n\n".join(f"{rule}\n    {sentence(*read(rule))}" for rule in rules) + "\n"

    if accept:
        TABLE.write_text(said)
    assert said == TABLE.read_text()


def test_the_table_covers_the_language() -> None:
    rules = [block.splitlines()[0] for block in TABLE.read_text().split("\n\n")]
    used = set().union(*(_words(read(rule)[0]) for rule in rules))

    assert len(rules) >= 60
    assert {*get_args(Operator), *get_args(GroupWord), *HEADS} - used == set()
    assert {
        "ignore_case",
        "money",
        "where",
        "count",
        "sum",
        "within",
        "since",
        "during",
        "before",
        "calendar",
    } <= used


def _words(document):
    if isinstance(document, dict):
        return set(document).union(*map(_words, document.values()))
    return set().union(*map(_words, document)) if isinstance(document, list) else set()


def test_there_are_enough_rules() -> None:
    assert sum(len(file.read_text().split("\n\n")) for file in FILES) >= 90


@pytest.mark.parametrize(
    ("rule", "english"),
    [
        ({"email": {"eq": {"private": "3f"}}}, "e-mail is a private value"),
        ({"email": {"in": {"private": "3f"}}}, "e-mail is one of some private values"),
        ({"email": {"contains": {"private": "3f"}, "ignore_case": True}}, "e-mail contains a private text, ignoring case"),
        ({"date_of_birth": {"before": {"private": "3f"}}}, "date of birth before a private value"),
        ({"date_of_birth": {"between": {"private": "3f"}}}, "date of birth between some private values"),
        ({"date_of_birth": {"anniversary_within": {"private": "3f"}}}, "birthday within the next a private value"),
    ],
)  # fmt: skip
def test_private_values_are_not_told(rule, english) -> None:
    _, speech = read("country: DE")

    assert condition(rule, speech) == english


def test_what_is_not_known_is_told_as_it_stands() -> None:
    rule = {"all": [{"brand_new": 5}, {"some_field": {"sounds_like": "x"}}]}

    assert outline(rule, Speech()) == [
        (0, "all of:"),
        (1, "brand_new 5"),
        (1, "some field (sounds like x)"),
    ]


@pytest.mark.parametrize(
    ("title", "inside"),
    [
        ("Total deposits", "total deposits"),
        ("E-mail", "e-mail"),
        ("VIP level", "VIP level"),
        ("GGR", "GGR"),
        ("eSports bets", "eSports bets"),
        ("E-Mail", "E-Mail"),
        ("Österreich bonus", "österreich bonus"),
        ("24/7 chat", "24/7 chat"),
        ("", "some field"),
        (" ", "some field"),
    ],
)
def test_titles_stand_in_mid_sentence(title, inside) -> None:
    assert Speech({"some_field": FieldAbout("string", title)}).title("some_field") == inside


def test_a_list_of_players_is_counted() -> None:
    assert listed({"count": 12408, "private": "3f"}) == 12408
    assert listed(["p1"]) == 1
