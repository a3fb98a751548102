"""Laws of canonical documents: read back they mean the same, and no order changes them."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from datetime import date
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from segctl.base.digest import canonical_json, digest
from segctl.model.canonical import catalog_document, segment_document
from segctl.model.rule import Compare, Group, InSegment, Rule
from segctl.model.segment import PlayerList, Segment
from tests.spec.reading import project

texts = st.sampled_from(["DE", "AT", "no", "é", "a b", "010", "it's", 'say "x"'])
amounts = st.one_of(
    st.integers(0, 999_999_999_999_999),
    st.decimals(0, 99_999_999, places=2).map(float),
    st.decimals(0, 999, places=6).map(float),
)
days = st.dates(min_value=date(1900, 1, 1)).map(str).filter(lambda day: day < "9990")
moments = days.flatmap(
    lambda day: st.sampled_from([f"{day}T10:00:00Z", f"{day} 23:59:59.5+02:00", f"{day}T00:00-03:30"])
)
durations = st.sampled_from(["15min", "90min", "24h", "36h", "30d", "2w", "3mo", "12mo", "2y"])
whole = st.sampled_from(["1d", "2w", "5mo"])
windows = st.one_of(
    st.just("lifetime"),
    st.builds(lambda last: {"last": last}, durations),
    st.builds(lambda last, before: {"last": last, "before": before}, durations, durations),
    st.sampled_from(["today", "last_month"]).map(lambda period: {"calendar": period}),
    days.map(lambda day: {"from": day}),
    moments.map(lambda moment: {"to": moment}),
)
attributes = st.one_of(
    texts.map(lambda text: {"country": text}),
    st.lists(texts, min_size=1, max_size=4).map(lambda values: {"country": values}),
    st.lists(texts, min_size=1, max_size=4).map(lambda values: {"city": {"not_in": values, "ignore_case": True}}),
    texts.map(lambda text: {"city": {"starts_with": text, "ends_with": text, "is_set": True}}),
    st.integers(-(2**63), 2**63 - 1).map(lambda n: {"vip_level": n}),
    st.lists(st.integers(0, 9), min_size=2, max_size=2).map(lambda pair: {"age": {"between": sorted(pair)}}),
    st.booleans().map(lambda flag: {"consent_email": flag}),
    days.map(lambda day: {"last_login": day}),
    moments.map(lambda moment: {"last_login": {"before": moment}}),
    durations.map(lambda duration: {"last_login": {"older_than": duration, "after": "now"}}),
    whole.map(lambda duration: {"date_of_birth": {"anniversary_within": duration}}),
    texts.map(lambda text: {"favourite_providers": text}),
    st.lists(texts, min_size=1, max_size=3).map(lambda values: {"favourite_providers": {"contains_all": values}}),
    st.lists(st.sampled_from(["one", "two"]), min_size=1, max_size=2).map(lambda names: {"in_segment": names}),
)
metrics = st.one_of(
    amounts.map(lambda amount: {"total_deposit_amount": {"gte": amount}}),
    st.lists(amounts, min_size=1, max_size=3).map(lambda values: {"total_deposit_amount": values}),
    st.integers(0, 9).map(lambda n: {"total_deposit_count": n}),
    st.sampled_from(["real", "bonus", "both"]).map(lambda money: {"sports_bet_count": {"money": money, "gt": 1}}),
    st.lists(texts, min_size=1, max_size=3).map(lambda teams: {"sports_turnover": {"team": teams, "lt": 5}}),
)
conditions = st.one_of(attributes, metrics)


def groups(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    parts = st.lists(inner, min_size=2, max_size=4)
    ranged = st.builds(lambda parts, metric: [*parts, metric], parts, metrics)
    return st.one_of(
        st.builds(lambda word, parts: {word: parts}, st.sampled_from(["all", "any", "none"]), parts),
        st.builds(lambda window, parts: {"during": window, "all": parts}, windows, ranged),
    )


rules = st.recursive(conditions, groups, max_leaves=12)
ONE, TWO = (
    {"kind": "Segment", "name": name, "type": "dynamic", "rules": {"country": "DE"}} for name in ("one", "two")
)


def read(*documents: dict[str, Any]) -> dict[str, Segment]:
    found = project({f"{n}.yaml": json.dumps(document) for n, document in enumerate((ONE, TWO, *documents))})
    assert found.diagnostics == ()
    return dict(found.segments)


def written(rule: Any, **more: Any) -> dict[str, Any]:
    return {"kind": "Segment", "name": "s", "type": "dynamic", "rules": rule, **more}


def shuffled(value: Any, chance: random.Random) -> Any:
    """The same document in another order, where order has no meaning."""
    if isinstance(value, dict):
        keys = list(value)
        chance.shuffle(keys)
        return {key: shuffled(value[key], chance) for key in keys}
    if isinstance(value, list):
        items = [shuffled(item, chance) for item in value]
        if not all(isinstance(item, (int, float)) for item in items):  # not the two ends of a range
            chance.shuffle(items)
        return items
    return value


def normal(rule: Rule | None) -> Any:
    """A rule without order, made without the code under test."""
    match rule:
        case Group():
            return (rule.word, rule.during, sorted((normal(part) for part in rule.rules), key=repr))
        case Compare():
            tests = [
                replace(test, value=sorted(set(test.value)))
                if test.op in ("in", "not_in", "contains_any", "contains_all") and isinstance(test.value, tuple)
                else test
                for test in rule.tests
            ]  # type: ignore[type-var, arg-type]
            return (rule.field, sorted(tests, key=repr), rule.dimensions, rule.money)
        case InSegment():
            return sorted(set(rule.segments))
        case None:
            return None


@given(rules)
def test_a_document_reads_back_as_the_same_rule(rule: Any) -> None:
    segment = read(written(rule))["s"]
    document = segment_document(segment)

    again = read(json.loads(canonical_json(document)))["s"]

    assert normal(again.rules) == normal(segment.rules)
    assert segment_document(again) == document


@given(rules, st.randoms(use_true_random=False))
def test_two_orders_have_one_digest(rule: Any, chance: random.Random) -> None:
    first = written(rule, tags=["a", "b", "c"], title="T")

    one, other = read(first)["s"], read(shuffled(first, chance))["s"]

    assert digest(segment_document(one)) == digest(segment_document(other))


def test_short_and_long_forms_have_one_digest() -> None:
    pairs = [
        ({"country": "DE"}, {"country": {"eq": "DE"}}),
        ({"country": ["DE", "AT", "DE"]}, {"country": {"in": ["AT", "DE"]}}),
        ({"last_login": "2026-01-01"}, {"last_login": {"on_day": "2026-01-01"}}),
        ({"last_login": {"older_than": "48h"}}, {"last_login": {"older_than": "2d"}}),
        ({"last_login": {"older_than": "12mo"}}, {"last_login": {"older_than": "1y"}}),
        ({"last_login": {"before": "2026-01-01T01:00:00+01:00"}}, {"last_login": {"before": "2026-01-01T00:00Z"}}),
        ({"sports_bet_amount": {"money": "both", "gte": 5}}, {"sports_bet_amount": {"gte": 5.0}}),
        ({"sports_turnover": {"team": "A", "gte": 5}}, {"sports_turnover": {"team": ["A", "A"], "gte": 5}}),
        ({"in_segment": "one"}, {"in_segment": ["one", "one"]}),
        ({"city": {"eq": "e\u0301"}}, {"city": {"eq": "\u00e9"}}),
    ]
    for short, long in pairs:
        assert segment_document(read(written(short))["s"]) == segment_document(read(written(long))["s"])


def test_different_meanings_have_different_digests() -> None:
    forms: list[Any] = [
        {"vip_level": 3}, {"vip_level": {"ne": 3}}, {"vip_level": [3]}, {"vip_level": 4}, {"age": 3},
        {"all": [{"vip_level": 3}, {"age": 3}]}, {"any": [{"vip_level": 3}, {"age": 3}]},
        {"city": {"eq": "a"}}, {"city": {"eq": "a", "ignore_case": True}}, {"city": {"eq": "A"}},
        {"last_login": {"older_than": "1mo"}}, {"last_login": {"older_than": "30d"}},
        {"during": {"last": "30d"}, "all": [{"total_deposit_count": 1}]},
        {"during": "lifetime", "all": [{"total_deposit_count": 1}]},
        {"all": [{"total_deposit_count": 1}]},
    ]  # fmt: skip

    digests = {digest(segment_document(read(written(form))["s"])) for form in forms}

    assert len(digests) == len(forms)


def test_defaults_and_places_are_left_out() -> None:
    segment = read(written({"country": "DE"}, purpose="marketing", protected=False, title="", tags=[]))["s"]

    assert segment_document(segment) == {
        "kind": "Segment",
        "name": "s",
        "type": "dynamic",
        "rules": {"country": {"eq": "DE"}},
    }


def test_a_list_from_a_side_file_stands_under_players() -> None:
    segment = Segment("s", "players", players=PlayerList(("b", "a"), "segments/list.csv"))

    document = segment_document(segment)

    assert document == {"kind": "Segment", "name": "s", "type": "players", "players": ["a", "b"]}
    assert read(document)["s"].players == PlayerList(("a", "b"))
    assert segment_document(Segment("s", "players", players=PlayerList(())))["players"] == []


def test_a_catalog_reads_back_as_itself() -> None:
    first = project({}).catalog
    assert first is not None
    document = catalog_document(first)

    second = project({}, catalog=canonical_json(document).encode()).catalog

    assert second is not None
    assert catalog_document(second) == document
    in_order = {name: replace(each, values=tuple(sorted(each.values))) for name, each in first.attributes.items()}
    assert second.attributes == in_order
    assert {name: event.table for name, event in second.events.items()} == {
        name: event.table for name, event in first.events.items()
    }
    assert {name: metric.type for name, metric in second.metrics.items()} == {
        name: metric.type for name, metric in first.metrics.items()
    }
    assert second.attributes["country"].about == first.attributes["country"].about


def test_the_order_of_a_catalog_does_not_matter() -> None:
    first = project({}).catalog
    assert first is not None
    document = catalog_document(first)
    turned = {
        key: dict(reversed(value.items())) if isinstance(value, dict) else value for key, value in document.items()
    }

    second = project({}, catalog=json.dumps(turned).encode()).catalog

    assert second is not None
    assert digest(catalog_document(second)) == digest(document)
