"""What the state holds, written as a file: the same document when it is read back, and tidy."""

from __future__ import annotations

import json
import unicodedata
from dataclasses import replace
from decimal import Decimal
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from segctl.base.digest import digest
from segctl.base.errors import Refused
from segctl.model.canonical import list_document, segment_document
from segctl.model.segment import NamedList, Segment
from segctl.spec.form.formatted import formatted
from segctl.spec.form.quoted import quoted
from segctl.spec.form.written import WIDTH, Erased, written
from segctl.spec.node import Mapping, Scalar
from segctl.spec.page import Page
from segctl.spec.reading import Reading
from segctl.spec.scalar import kind_of
from segctl.spec.scope import of_catalog
from segctl.spec.segment import read_body
from segctl.spec.stored import stored_segment
from segctl.spec.yaml import documents
from tests.spec.reading import project
from tests.support.casino_facts import CATALOG
from tests.support.generate import World, worlds
from tests.support.random_project import segment

few = settings(max_examples=10, deadline=None)
some = worlds(players=1, segments=24)


def nfc(text: str) -> str:
    """As every text is read."""
    return unicodedata.normalize("NFC", text)


def stored(document: dict[str, Any]) -> dict[str, Any]:
    """As the state gives it back."""
    found: dict[str, Any] = json.loads(json.dumps(document, sort_keys=True))
    return found


def node_of(text: str) -> tuple[Page, Mapping]:
    page = Page("segments/x.yaml")
    (node,) = documents(page, text.encode())
    assert page.mistakes == []
    assert type(node) is Mapping
    return page, node


@few
@given(world=some)
def test_a_segment_reads_back_as_it_was(world: World) -> None:
    """What an author cannot write, such as numbers of 300 digits, is refused in the file as in the state.

    Texts that are not in normal form stand in no file, so they are left out.
    """
    scope = of_catalog(world.catalog)
    for name, one in world.segments.items():
        document = stored(segment_document(one))
        text = written(document)
        if text != nfc(text):
            continue
        page, node = node_of(text)
        body = read_body(Reading(page, scope), node, frozenset())
        try:
            held = stored_segment(document, name, scope)
        except Refused:
            assert page.mistakes != []
            continue

        assert page.mistakes == [], text
        read = replace(held, rules=body.rules, scope=body.scope, trigger=body.trigger, limit=body.limit)
        read = replace(read, include=body.include, exclude=body.exclude)
        assert stored(segment_document(read)) == stored(segment_document(held)), text


@few
@given(seed=st.integers(0, 10**6))
def test_a_document_of_an_author_reads_back_with_the_same_digest(seed: int) -> None:
    rng = Random(seed)
    drawn = {f"s{number}": segment(rng, ()) for number in range(6)}
    texts = {f"{name}.yaml": json.dumps({"kind": "Segment", "name": name, **one}) for name, one in drawn.items()}
    first = project(texts, catalog=CATALOG.encode())
    assert first.diagnostics == ()
    documents_ = {name: segment_document(one) for name, one in first.segments.items()}

    again = project(
        {f"{name}.yaml": written(stored(one)) for name, one in documents_.items()}, catalog=CATALOG.encode()
    )

    assert again.diagnostics == ()
    for name, one in documents_.items():
        assert digest(segment_document(again.segments[name])) == digest(one)


@few
@given(
    values=st.lists(
        st.text(st.characters(exclude_categories=("C",)), min_size=1, max_size=60), min_size=1, max_size=20
    )
)
def test_a_list_reads_back_as_it_was(values: list[str]) -> None:
    document = list_document(NamedList("l", tuple(map(nfc, values)), "a list"))

    found = project({"l.yaml": written(stored(document))})

    assert [one.code for one in found.diagnostics] == []
    assert list_document(found.lists["l"]) == document


@few
@given(world=some)
def test_what_is_written_is_in_its_form(world: World) -> None:
    for one in world.segments.values():
        text = written(stored(segment_document(one)))

        assert formatted(Page("x.yaml"), text.encode()) == text


@given(text=st.text(min_size=1, max_size=40).map(nfc))
def test_every_text_is_read_as_itself(text: str) -> None:
    """But for what no file may hold, however it is escaped."""
    for value in (f"[{quoted(text)}]", quoted(text)):
        page = Page("x.yaml")
        (root,) = documents(page, f"key: {value}\n".encode()) or [None]
        if page.mistakes:
            assert not text.isprintable()
            return
        assert type(root) is Mapping
        found = root.entries["key"][1]
        scalar = found if type(found) is Scalar else found.items[0]  # type: ignore[union-attr]
        assert type(scalar) is Scalar
        assert (scalar.text, kind_of(scalar)) == (text, "text")


@pytest.mark.parametrize(
    "text", ["NO", "on", "010", "1e5", "~", "null", "7", "a: b", "a #b", "- a", "", "@x", "x:"]
)
def test_what_others_would_take_for_something_else_is_quoted(text: str) -> None:
    assert quoted(text) == json.dumps(text)


@given(text=st.text(st.characters(exclude_categories=("C", "Z")) | st.sampled_from(" \n"), max_size=300).map(nfc))
def test_texts_of_many_lines_are_read_as_themselves(text: str) -> None:
    page, node = node_of(written({"kind": "Segment", "name": "a", "description": text, "query": text}))

    assert page.mistakes == []
    for key in ("description", "query"):
        value = node.entries[key][1]
        assert type(value) is Scalar
        assert value.text == text


def test_it_looks_as_an_author_would_have_written_it() -> None:
    document = {
        "kind": "Segment",
        "type": "dynamic",
        "name": "s",
        "description": "Players who " + "are, were or will be " * 6 + "here.",
        "tags": ["de", "reactivation"],
        "include": [{"players": ["p_1", "007"], "reason": "host", "until": "2026-12-31"}],
        "limit": {"by": "total", "during": {"last": "90d"}, "order": "desc", "top": 10},
        "protected": True,
        "rules": {
            "all": [
                {"country": {"in": ["AT", "NO"]}},
                {"last_login": {"before": "2026-01-01", "older_than": "7d"}},
                {"consent": {"eq": True}},
                {"amount": {"gte": 1e-06, "money": "real"}},
                {"all": [{"x": {"eq": 1}}, {"y": {"is_set": False}}], "during": {"last": "30d"}},
                {"count": {"gte": 3}, "event": "bets", "during": {"last": "1d"}, "where": {"a": {"eq": "b"}}},
                {"at_least": {"n": 2, "of": [{"a": {"eq": 1}}, {"b": {"eq": 1}}, {"rule": "r"}]}},
            ]
        },
    }

    assert written(document) == (
        "kind: Segment\n"
        "name: s\n"
        "description: >-\n"
        "  Players who are, were or will be are, were or will be are, were or will be are, were or will be\n"
        "  are, were or will be are, were or will be here.\n"
        "type: dynamic\n"
        "tags: [de, reactivation]\n"
        "protected: true\n"
        "rules:\n"
        "  all:\n"
        '    - country: [AT, "NO"]\n'
        "    - last_login: {before: 2026-01-01, older_than: 7d}\n"
        "    - consent: true\n"
        "    - amount: {gte: 0.000001, money: real}\n"
        "    - during: {last: 30d}\n"
        "      all:\n"
        "        - x: 1\n"
        "        - y: {is_set: false}\n"
        "    - event: bets\n"
        "      where: {a: b}\n"
        "      count: {gte: 3}\n"
        "      during: {last: 1d}\n"
        "    - at_least:\n"
        "        n: 2\n"
        "        of:\n"
        "          - a: 1\n"
        "          - b: 1\n"
        "          - rule: r\n"
        "include:\n"
        '  - {players: [p_1, "007"], reason: host, until: 2026-12-31}\n'
        "limit: {top: 10, by: total, order: desc, during: {last: 90d}}\n"
    )


def test_long_lists_have_a_line_for_each_value() -> None:
    text = written({"kind": "List", "name": "l", "values": [f"value-{number:03}" for number in range(50)]})

    assert text.startswith("kind: List\nname: l\nvalues:\n  - value-000\n")
    assert max(map(len, text.splitlines())) <= WIDTH


def test_a_value_that_is_gone_is_left_empty_so_that_validating_finds_it() -> None:
    rules = {"all": [{"email": {"contains": Erased(), "ignore_case": True}}, {"phone": {"eq": Erased()}}]}
    text = written({"kind": "Segment", "name": "s", "type": "dynamic", "rules": rules, "players": Erased()})

    comment = "  # erased: what stood here is not kept any more\n"
    assert text.endswith(
        f"    - email:\n        contains:{comment}        ignore_case: true\n    - phone:{comment}players:{comment}"
    )
    assert formatted(Page("x.yaml"), text.encode()) == text


def test_numbers_are_exact() -> None:
    for number in (0.1, 19.99, 123456789.123456, 1e-06, 100000000000000.0):
        text = written({"kind": "Segment", "name": "s", "rules": {"x": {"gte": number}}})

        assert Decimal(text.rpartition("gte: ")[2].rstrip("}\n")) == Decimal(repr(number))


def test_a_name_of_a_segment_may_stand_alone() -> None:
    document = segment_document(replace(Segment("s", "dynamic"), description="x"))

    assert written(document) == "kind: Segment\nname: s\ndescription: x\ntype: dynamic\n"
