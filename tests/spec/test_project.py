"""What documents become."""

from __future__ import annotations

import hashlib
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from segctl.base.source import ListSource, Source
from segctl.files.shipped import schema
from segctl.model.catalog import Aggregate, ByMoney, Derived, Difference
from segctl.model.rule import Compare, Group, InSegment, Now, Rule, Test
from segctl.model.time import Between, CalendarPeriod, Duration, Lifetime, Rolling, Window
from segctl.spec.project import read_project
from tests.spec.reading import CATALOG, project, segment_text


def rule(text: str) -> Rule | None:
    found = project({"s.yaml": segment_text(text), "t.yaml": segment_text("{country: DE}", "t")})
    assert found.diagnostics == ()
    return found.segments["s"].rules


@pytest.mark.parametrize(
    ("text", "test"),
    [
        ("{country: DE}", Test("eq", "DE")),
        ("{country: NO}", Test("eq", "NO")),
        ('{country: "010"}', Test("eq", "010")),
        ("{country: [DE, AT]}", Test("in", ("DE", "AT"))),
        ("{country: {ne: DE}}", Test("ne", "DE")),
        ("{city: {contains: b, ignore_case: true}}", Test("contains", "b", ignore_case=True)),
        ("{vip_level: 3}", Test("eq", 3)),
        ("{vip_level: 010}", Test("eq", 10)),
        ("{vip_level: {between: [1, 5]}}", Test("between", (1, 5))),
        ("{total_deposit_amount: {gte: 19.90}}", Test("gte", Decimal("19.9"))),
        ("{total_deposit_amount: {gte: 1e3}}", Test("gte", Decimal(1000))),
        ("{total_deposit_amount: {gte: -0.0}}", Test("gte", Decimal(0))),
        ("{consent_email: True}", Test("eq", value=True)),
        ("{consent_email: {is_set: false}}", Test("is_set", value=False)),
        ("{last_login: 2026-01-31}", Test("on_day", date(2026, 1, 31))),
        ('{last_login: "2026-01-31"}', Test("on_day", date(2026, 1, 31))),
        ("{last_login: {before: now}}", Test("before", Now())),
        (
            "{last_login: {after: 2026-01-31 10:00:00.5+02:00}}",
            Test("after", datetime(2026, 1, 31, 8, 0, 0, 500_000, tzinfo=UTC)),
        ),
        ("{last_login: {older_than: 90min}}", Test("older_than", Duration(5400))),
        ("{last_login: {within: 2w}}", Test("within", Duration(14 * 86_400))),
        ("{date_of_birth: {anniversary_within: 1mo}}", Test("anniversary_within", Duration(months=1))),
        ("{favourite_providers: studio}", Test("contains", "studio")),
        ("{favourite_providers: [a, b]}", Test("contains_any", ("a", "b"))),
        ("{favourite_providers: {is_empty: true}}", Test("is_empty", value=True)),
        ('{city: {matches: "^B.*n$"}}', Test("matches", "^B.*n$")),
        ('{city: "e\u0301"}', Test("eq", "\u00e9")),
        ('{city: "e\\u0301"}', Test("eq", "\u00e9")),
    ],
)
def test_a_condition_becomes_a_test(text: str, test: Test) -> None:
    found = rule(text)

    assert isinstance(found, Compare)
    assert found.tests == (test,)
    assert all(type(found.tests[0].value) is type(value) for value in [test.value])


@pytest.mark.parametrize(
    ("text", "window"),
    [
        ("lifetime", Lifetime()),
        ("{last: 30d}", Rolling(Duration(30 * 86_400))),
        ("{last: 30d, before: 1mo}", Rolling(Duration(30 * 86_400), Duration(months=1))),
        ("{calendar: this_month}", CalendarPeriod("this_month")),
        ("{from: 2026-01-01, to: 2026-02-01}", Between(date(2026, 1, 1), date(2026, 2, 1))),
        ("{to: 2026-02-01T00:00:00Z}", Between(None, datetime(2026, 2, 1, tzinfo=UTC))),
    ],
)
def test_a_range_becomes_a_window(text: str, window: Window) -> None:
    found = rule(f"{{during: {text}, any: [{{total_deposit_count: 1}}]}}")

    assert found == Group("any", (Compare("total_deposit_count", (Test("eq", 1),)),), window)


def test_conditions_know_where_they_stand() -> None:
    found = rule("{all: [{country: DE}, {in_segment: [t]}]}")

    assert isinstance(found, Group)
    country, segments = found.rules
    assert str(found.at) == "segments/s.yaml:4:9"
    assert str(country.at) == "segments/s.yaml:4:16"
    assert segments == InSegment(("t",))


def test_dimensions_and_money_narrow_a_metric() -> None:
    assert rule("{sports_turnover: {team: [b, a, a], gte: 1}}") == Compare(
        "sports_turnover", (Test("gte", Decimal(1)),), (("team", ("a", "b")),)
    )
    assert rule("{sports_bet_amount: {money: real, gte: 1}}") == Compare(
        "sports_bet_amount", (Test("gte", Decimal(1)),), money="real"
    )
    assert rule("{sports_bet_amount: {money: both, gte: 1}}") == Compare(
        "sports_bet_amount", (Test("gte", Decimal(1)),)
    )


def test_the_catalog_knows_the_type_of_every_result() -> None:
    catalog = project({}).catalog
    assert catalog is not None

    types = {name: metric.type for name, metric in catalog.metrics.items()}
    assert types == {
        "total_deposit_amount": "money",
        "total_deposit_count": "integer",
        "second_deposit_date": "datetime",
        "gross_gaming_revenue": "money",
        "net": "money",
        "share": "number",
        "sports_bet_amount": "money",
        "sports_bet_count": "integer",
        "sports_turnover": "money",
    }
    assert catalog.metrics["net"].how == Derived("subtract", "total_deposit_amount", "gross_gaming_revenue")
    second = catalog.metrics["second_deposit_date"].how
    assert isinstance(second, Aggregate)
    assert (second.measure.kind, second.measure.column, second.measure.n) == ("nth", None, 2)
    assert catalog.events["bets"].column("loss").source == Difference("stake", "win")
    assert catalog.events["bets"].column("stake").source == "base_stake"
    count = catalog.metrics["sports_bet_count"].how
    assert isinstance(count, ByMoney)
    assert count.both.where == Compare("product", (Test("eq", "sports"),))
    assert count.real.where == Group(
        "all", (Compare("product", (Test("eq", "sports"),)), Compare("stake_real", (Test("gt", Decimal(0)),)))
    )


def test_the_order_of_files_changes_nothing() -> None:
    texts = {"a.yaml": segment_text("{in_segment: b}", "a"), "b.yaml": segment_text("{countri: DE}", "b")}

    first, second = project(texts), project(dict(reversed(texts.items())))

    assert first == second


def test_a_catalog_spelled_with_an_escape_is_found() -> None:
    catalog = CATALOG.replace(b"kind: Catalog", b'kind: "\\x43atalog"')

    assert project({"s.yaml": segment_text("{country: DE}")}, catalog=catalog).diagnostics == ()


def test_several_documents_may_stand_in_one_file() -> None:
    both = segment_text("{country: DE}") + "---\n" + segment_text("{in_segment: s}", "t")

    assert set(project({"s.yaml": both}).segments) == {"s", "t"}


ONLY_TESTS = "kind: SegmentTest\nsegment: nobody\n"


@pytest.mark.parametrize(
    ("text", "read"),
    [
        (ONLY_TESTS, False),
        (f"# a comment\n---\n{ONLY_TESTS}---\n{ONLY_TESTS}", False),
        (f"{ONLY_TESTS}---\n{segment_text('{{country: DE}}')}", True),
        ("{kind: SegmentTest, segment: nobody}\n", True),
        ("anything: [kind: SegmentTest\n", True),
        (f"  kind: Segment\n  name: s\n---\n{ONLY_TESTS}", True),
    ],
    ids=["one", "two", "beside a segment", "in braces", "no document", "below an indented one"],
)
def test_files_of_nothing_but_tests_are_read_only_where_tests_are_asked_for(text: str, *, read: bool) -> None:
    sources = [Source("segments/catalog.yaml", CATALOG), Source("segments/x.yaml", text.encode())]

    without = read_project(sources, lambda name: ListSource(name, (), "d"), schema, tests=False)
    whole = read_project(sources, lambda name: ListSource(name, (), "d"), schema)

    assert (without.diagnostics != ()) == read
    assert ("segments/x.yaml" in without.digests) == read
    assert whole.diagnostics != ()
    assert whole.digests == without.digests


def test_every_file_that_was_read_has_a_digest() -> None:
    text = "kind: Segment\nname: s\ntype: players\nplayers_file: ../lists/./vip.csv\n"
    sources = [Source("segments/catalog.yaml", CATALOG), Source("segments/crm/s.yaml", text.encode())]
    asked: list[str] = []

    def lists(name: str) -> ListSource:
        asked.append(name)
        return ListSource(name, ("p_1",), "d" * 64)

    found = read_project(sources, lists, schema)

    assert asked == ["segments/lists/vip.csv"]
    assert found.digests["segments/lists/vip.csv"] == "d" * 64
    assert found.digests["segments/crm/s.yaml"] == hashlib.sha256(text.encode()).hexdigest()
    players = found.segments["s"].players
    assert players is not None
    assert (players.ids, players.file) == (("p_1",), "segments/lists/vip.csv")


def test_players_take_their_source_text_once() -> None:
    found = project({"s.yaml": "kind: Segment\nname: s\ntype: players\nplayers: [007, 1e5, true, p_1, 007]\n"})

    players = found.segments["s"].players
    assert players is not None
    assert players.ids == ("007", "1e5", "true", "p_1")


def test_a_segment_that_uses_a_broken_field_is_left_out_without_words() -> None:
    catalog = CATALOG.replace(b"{column: country, type: string,", b"{column: country, type: strin,")

    found = project(
        {"s.yaml": segment_text("{country: DE}"), "t.yaml": segment_text("{vip_level: x}", "t")}, catalog=catalog
    )

    assert [(told.span.file, told.code) for told in found.diagnostics] == [
        ("segments/catalog.yaml", "SEG206"),
        ("segments/t.yaml", "SEG204"),
    ]
    assert found.catalog is None
    assert found.segments == {}
