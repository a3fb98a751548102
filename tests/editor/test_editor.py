"""What an author sees in an editor: completion, marks and hover, as yaml-language-server gives them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import CASES
from tests.support.documents import ROOT
from tests.support.editor import CURSOR, Editor, Mark

pytestmark = pytest.mark.editor

HEAD = "kind: Segment\nname: x\ntype: dynamic\nrules:\n"
ALL = f"{HEAD}  all:\n    - "
FIELDS = {"country", "total_deposit_count", "last_login", "consent_email"}
STATUS = {"registered", "active", "fully_identified", "suspended", "closed"}


@pytest.mark.parametrize(
    "text",
    [
        HEAD + "  ¦",
        ALL + "¦",
        ALL + "to¦",
        ALL + "country: DE\n    - ¦",
        ALL + "country: DE\n    - any:\n        - ¦",
        ALL + "any:\n        - country: DE\n        - to¦",
        ALL + "during: {last: 30d}\n      all:\n        - ¦",
        ALL + "at_least:\n        n: 2\n        of:\n          - ¦",
        "kind: Rule\nname: x\nrules:\n  ¦",
    ],
    ids=["root", "item", "begun", "second", "layer", "layer begun", "below a range", "at_least", "rule"],
)
def test_fields_complete(editor: Editor, text: str) -> None:
    assert set(editor.complete(text)) >= FIELDS


def test_a_field_comes_with_its_words_and_what_is_usually_asked_of_it(editor: Editor) -> None:
    item = editor.complete(ALL + "total_dep¦")["total_deposit_count"]

    assert item["insertText"] == "total_deposit_count: {gte: ${1:1}}"
    assert "How often the player deposited." in item["documentation"]


@pytest.mark.parametrize(
    "text",
    [
        ALL + "total_deposit_count: {g¦}",
        ALL + "total_deposit_count: {ne: 1, g¦}",
        ALL + "total_deposit_count:\n        ¦",
        ALL + "total_deposit_count:\n        ne: 1\n        ¦",
        ALL + "event: bets\n      count: {g¦}",
    ],
    ids=["in braces", "second in braces", "in a block", "second in a block", "count of events"],
)
def test_operators_complete(editor: Editor, text: str) -> None:
    offered = editor.complete(text)

    assert {"gte", "lt", "between"} <= set(offered)
    assert not {"older_than", "contains", "country"} & set(offered)
    assert offered["gte"]["documentation"] == "The value or more."


@pytest.mark.parametrize(
    "text",
    [
        ALL + "account_status: ¦",
        ALL + "account_status: [active, ¦]",
        ALL + "account_status:\n        - ¦",
        ALL + "account_status: {ne: ¦}",
        ALL + "account_status: {in: [¦]}",
    ],
    ids=["value", "list in brackets", "list in lines", "of an operator", "list of an operator"],
)
def test_allowed_values_complete(editor: Editor, text: str) -> None:
    assert set(editor.complete(text)) >= STATUS


@pytest.mark.parametrize(
    ("text", "offered"),
    [
        ("¦", {"kind"}),
        ("kind: ¦", {"Segment", "Rule", "List", "SegmentTest", "Catalog"}),
        ("kind: Segment\n¦", {"name", "title", "type", "rules", "limit"}),
        ("kind: Segment\ntype: ¦", {"dynamic", "static", "players", "triggered", "sql"}),
        ("kind: Segment\nname: x\ntype: triggered\n¦", {"enter", "exit", "for", "rules"}),
        ("kind: Segment\nname: x\ntype: sql\n¦", {"query", "include"}),
        ("kind: Segment\nname: x\ntype: triggered\nenter: {event: ¦}", {"payments", "bets"}),
        ("kind: SegmentTest\n¦", {"segment", "players", "steps"}),
        ("kind: SegmentTest\nsegment: x\nplayers:\n  anna: {c¦}", {"country", "like", "payments"}),
        ("kind: Catalog\n¦", {"currency", "player", "attributes", "events", "metrics"}),
        (
            ALL + "¦",
            {"event", "in_segment", "was_in_segment", "bucket", "sequence", "rule", "any", "none", "during"},
        ),
        (ALL + "consent_email: ¦", {"true", "false"}),
        (ALL + "during: ¦", {"{last: 30d}", "{calendar: this_month}", "lifetime"}),
        (ALL + "during: {calendar: ¦}", {"today", "last_week", "this_year"}),
        (ALL + "during: {last: 30d}\n      ¦", {"all", "any", "none", "at_least"}),
        (ALL + "event: bets\n      ¦", {"where", "count", "sum", "during"}),
        (ALL + "event: bets\n      where:\n        ¦", {"product", "stake", "all"}),
        (ALL + "event: bets\n      where: {p¦}", {"product", "provider"}),
        (ALL + "event: bets\n      where:\n        all:\n          - ¦", {"product", "stake", "any"}),
        (ALL + "event: bets\n      where: {product: ¦}", {"casino", "sports"}),
        (ALL + "event: bets\n      sum: {s¦}", {"stake", "win"}),
        (ALL + "sequence:\n        - event: payments\n          where: {status: ¦}", {"failed", "captured"}),
        (ALL + "in_segment: ¦", {"vip", "dormant"}),
        (ALL + "in_segment: [vip, ¦]", {"dormant"}),
        (ALL + "sports_turnover: {t¦}", {"team", "tournament", "gte"}),
        (ALL + "sports_bet_amount: {money: ¦}", {"real", "bonus", "both"}),
        ("kind: Segment\nname: x\ntype: dynamic\nscope: {b¦}", {"brand", "region"}),
        (f"{ALL}country: DE\nlimit:\n  ¦", {"top", "percent", "by", "order"}),
        (f"{ALL}country: DE\nlimit: {{by: ¦}}", {"total_deposit_amount", "last_login"}),
    ],
    ids=lambda one: repr(one[-24:]) if isinstance(one, str) else "",
)
def test_everything_else_completes(editor: Editor, text: str, offered: set[str]) -> None:
    assert set(editor.complete(text)) >= offered


@pytest.mark.parametrize(
    ("text", "strange"),
    [
        ("kind: Segment\nname: x\ntype: dynamic\n¦", {"players", "enter", "query", "steps", "currency"}),
        (ALL + "country: DE\n      ¦", {"age", "all", "event"}),
        (ALL + "event: payments\n      where: {p¦}", {"product", "country"}),
        (ALL + "¦", {"where", "count", "sum", "within"}),
    ],
    ids=["keys of other types", "a second condition", "columns of other events", "siblings without their head"],
)
def test_what_would_be_wrong_is_not_offered(editor: Editor, text: str, strange: set[str]) -> None:
    assert not strange & set(editor.complete(text))


@pytest.mark.parametrize(
    ("rule", "mark"),
    [
        ("{total_depsoit_count: 1}", Mark("total_depsoit_count", "Property total_depsoit_count is not allowed.")),
        ("{total_deposit_count: {gtee: 1}}", Mark("gtee", "Property gtee is not allowed.")),
        ("{event: bets, where: {produkt: x}}", Mark("produkt", "Property produkt is not allowed.")),
        (
            "{last_login: {within: 3 days}}",
            Mark("3 days", "Write a duration: 15min, 24h, 30d, 2w, 3mo or 1y."),
        ),
        (
            "{country: DE, age: 3}",
            Mark("{country: DE, age: 3}", "A mapping holds one condition: put `-` before each, below `all:`."),
        ),
        (
            "{event: bets, where: {product: casinoo}}",
            Mark("casinoo", 'Value is not accepted. Valid values: "casino", "sports".'),
        ),
        ("{city: 010}", Mark("010", "Incorrect type. Expected one of string, array, object.")),
        ("{during: {last: 30d}}", Mark("{", "`during` heads a group: write `all:` below it.")),
    ],
    ids=["field", "operator", "column", "duration", "two conditions", "value", "number", "range"],
)
def test_a_mistake_is_marked_once_where_it_stands(editor: Editor, rule: str, mark: Mark) -> None:
    assert editor.marks(f"{HEAD}  all: [{rule}]\n") == [mark]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (
            ALL + "total_de¦posit_count: {gte: 1}",
            ("Number of deposits", "How often the player deposited.", "Deposits."),
        ),
        (ALL + "total_deposit_count: {g¦te: 1}", ("At least", "The value or more.")),
        (ALL + "account_sta¦tus: active", ("Account status", "suspended")),
        (ALL + "during: {calendar: this_m¦onth}", ("this_month", "Since the first of the month.")),
        (ALL + "in_seg¦ment: vip", ("In segment",)),
        ("kind: Segment\nname: x\nty¦pe: static\nrules: {age: 1}\n", ("a snapshot",)),
    ],
    ids=["field", "operator", "closed field", "period", "head", "type"],
)
def test_what_the_pointer_rests_on_is_explained(editor: Editor, text: str, shown: tuple[str, ...]) -> None:
    said = editor.hover(text)

    assert all(words in said for words in shown), said
    assert "\\`" not in said


@pytest.mark.parametrize("path", sorted((ROOT / "segments").rglob("*.yaml")), ids=lambda path: path.stem)
def test_nothing_is_marked_in_what_is_shipped(editor: Editor, path: Path) -> None:
    assert editor.marks(path.read_text(), path.relative_to(ROOT).as_posix()) == []


def test_nothing_is_marked_in_what_is_right(editor: Editor) -> None:
    assert editor.marks((CASES / "editor" / "right.yaml").read_text()) == []


def test_in_each_wrong_document_something_is_marked(editor: Editor) -> None:
    documents = (CASES / "editor" / "wrong.yaml").read_text().split("---\n")

    assert [text for text in documents if not editor.marks(text.replace(CURSOR, ""))] == []
