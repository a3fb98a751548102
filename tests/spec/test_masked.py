"""Lines of a file, as they are shown beside a mistake: what is personal in them is not."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from segctl.base.source import Source
from segctl.spec.masked import masked, personal_names

PERSONAL = frozenset(("email", "first_name"))
SECRET = "canary@x.org"


def shown(text: str, personal: frozenset[str] = PERSONAL) -> str:
    return masked(Source("segments/s.yaml", text.encode()), personal)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("rules: {email: canary@x.org, country: DE}", "rules: {email: ************, country: DE}"),
        (
            'rules:\n  all:\n  - "email": "a b"\n  - country: DE',
            'rules:\n  all:\n  - "email": ** **\n  - country: DE',
        ),
        ("email: {in: [a@b.c,\r\n  d@e.f], is_set: true}", "email: {in: [*****,\r\n  *****], is_set: true}"),
        ("email: {in_list: hosts, ne: a@b.c}", "email: {in_list: hosts, ne: *****}"),
        ("email: {eqq: canary@x.org}", "email: {eqq: ************}"),
        ("email: >-\n  canary\n  x.org\ncountry: DE", "email: **\n  ******\n  *****\ncountry: DE"),
        ("\tcountry: DE", "\tcountry: DE"),
        ("players: [p_1, 'p 2']\ntitel: x", "players: [***, ** **]\ntitel: x"),
        ("include: [{players: [p_1], reason: VIP}]", "include: [{players: [***], reason: VIP}]"),
        ("first_name: Zoë 名前\ncountri: DE", "first_name: *** **\ncountri: DE"),
        ("\ufeffemail: a", "email: *"),
        ("warehouse: postgresql://crm:a/b@c@db:5432/x", "warehouse: postgresql://*********@db:5432/x"),
        (
            'state: "postgresql://crm:a=b@db/x?password=hunter&host=h"',
            'state: "postgresql://*******@db/x?password=******&host=*"',
        ),
        ("warehouse: host=db PassWord=hunter", "warehouse: host=db PassWord=******"),
        ('webhook: {url: "https://x.org/T1/B2", secret: s}', "webhook: {url: *********************, secret: *}"),
        ("webhook: https://x.org/T1\nrules: {country: DE}", "webhook: ****************\nrules: {country: DE}"),
        ("title: my email\nrules: {country: DE}", "title: my email\nrules: {country: DE}"),
        ("kind: Catalog\nattributes: {email: {column: email, pii: true}}", None),
        ("kind: SegmentTest\nplayers: [{email: a@b.c}]", None),
    ],
)
def test_values_give_way_to_stars_of_their_width(text: str, expected: str | None) -> None:
    assert shown(text) == (text if expected is None else expected)


@pytest.mark.parametrize(
    "text",
    [
        "rules: {email: canary@x.org",
        'rules:\n  email: "canary@x.org\n  country: DE',
        "email: canary@x.org\nemail: canary@x.org",
        "email: a\nemail: canary@x.org",
        "rules:\n  - email:\n      in:\n      - canary@x.org\n  - &a country: DE",
        "email: {in: [\ncanary@x.org,\ncanary@x.org]}\ncountry: *DE",
        "email:\n- canary@x.org\ncountry: !tag DE",
        "- players: [a,\n  canary@x.org]\n  x: [",
        "email: canary@x.org\x00",
    ],
)
def test_what_cannot_be_read_hides_more(text: str) -> None:
    assert SECRET not in shown(text)


def test_what_cannot_be_read_is_seen_where_nothing_is_personal() -> None:
    text = "kind: Segment\nrules:\n  all:\n  - email: canary@x.org\n  - country: [DE\n"

    assert shown(text).splitlines() == [
        "kind: Segment",
        "rules:",
        "  all:",
        "  - email: ************",
        "  - country: [DE",
    ]


@pytest.mark.parametrize(
    "catalog",
    [
        "kind: Catalog\nattributes:\n  email: {column: email, type: string, pii: true}\n  country: {column: country}\n",
        "kind: Catalog\nattributes:\n  email:\n    column: email\n    pii: true\n  country:\n    column: country\n",
        "kind: Catalog\nattributes:\n  email: {column: email, pii: maybe}\n",
        "kind: Catalog\nattributes:\n  email: {pii: true}\n  country: {pii: false}\n",
        "attributes:\n  email: {column: email, pii: true}\n  x: [\n",
        "attributes:\n  country:\n    column: country\n  email:\n    column: email\n    pii: true\n  x: [\n",
    ],
)
def test_personal_is_what_a_catalog_marks_even_a_broken_one(catalog: str) -> None:
    assert personal_names([Source("segments/catalog.yaml", catalog.encode())]) == {"email"}


TEXTS = st.text(alphabet="emailplayrs:,[]{}-\"'\n\r\t #é名\u0301&|>", max_size=80)


@given(
    st.lists(
        st.sampled_from(["email: ", "players: ", "- ", "\n", "  ", "a", "é", "[", "]", "{", "}", '"', "#", ","])
    ),
    TEXTS,
)
def test_nothing_moves(parts: list[str], text: str) -> None:
    whole = "".join(parts) + text

    found = shown(whole)

    assert len(found) == len(whole)
    assert all(new in (old, "*") for old, new in zip(whole, found, strict=True))
    assert re.findall(r"\s", found) == re.findall(r"\s", whole)
