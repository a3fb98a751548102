"""Plans to look at: the one of the design, and its parts."""

from __future__ import annotations

from segctl.base.commit import Commit
from segctl.plan.document import Base, Change, FieldAbout, Impact, Plan, Secondary
from segctl.plan.rulediff import rule_changes

FIELDS = {
    "country": FieldAbout("string", "Country"),
    "age": FieldAbout("integer", "Age", "years"),
    "email": FieldAbout("string", "E-mail"),
    "vip_level": FieldAbout("integer", "VIP level"),
    "last_login": FieldAbout("datetime", "Last login"),
    "total_deposit_amount": FieldAbout("money", "Total deposits"),
    "total_deposit_count": FieldAbout("integer", "Number of deposits"),
}

VIP_BEFORE = {"all": [{"total_deposit_amount": {"gte": 5000}}, {"vip_level": {"gte": 3}}]}
VIP_AFTER = {
    "all": [
        {"none": [{"in_segment": "bonus-abusers"}]},
        {"total_deposit_amount": {"gte": 4000}},
        {"vip_level": {"gte": 3}},
    ]
}


def segment(name, rules=None, **keys):
    return {"kind": "Segment", "name": name, "type": "dynamic", **({"rules": rules} if rules else {}), **keys}


def lines(places):
    """Where rules stand, by the first key of each."""
    return lambda rule: places.get(next(iter(rule)))


def updated(name, before, after, *, places=None, impact=None, **keys):
    address = f"segment.{name}"
    return Change(
        address,
        ("update",),
        keys.pop("type", "dynamic"),
        "marketing",
        keys=("rules",),
        before=segment(name, before),
        after=segment(name, after),
        base=Base(3, "b" * 64),
        digest="d" * 64,
        file=f"segments/lifecycle/{name}.yaml",
        line=2,
        rules=rule_changes(before, after, lines(places or {})),
        impact=impact or Impact(1204, 1310, 140, 34),
        **keys,
    )


def created(name, impact, **keys):
    return Change(
        f"segment.{name}", ("create",), "dynamic", "marketing", after=segment(name), impact=impact, **keys
    )


def plan(*changes, **keys):
    standard = {
        "environment": "production",
        "lineage": "0b8f",
        "serial": 412,
        "as_of": "2026-11-22T01:31:04Z",
        "segctl": "0.1.0",
        "currency": "EUR",
        "fields": FIELDS,
        "declared": 214,
        "commit": Commit("3f2a91c0d4e5f60718293a4b5c6d7e8f90a1b2c3", dirty=False),
    }
    return Plan(changes=changes, **(standard | keys))


DESIGN = plan(
    created("lapsed-depositors-de", Impact(0, 12408, 12408, 0)),
    updated("vip", VIP_BEFORE, VIP_AFTER, places={"total_deposit_amount": 14, "none": 16}),
    Change(
        "segment.black-friday-2026",
        ("replace",),
        "static",
        "marketing",
        keys=("rules",),
        before=segment("black-friday-2026"),
        after=segment("black-friday-2026"),
        impact=Impact(9120, 9733, 613, 0),
    ),
    Change("segment.lapsed-gb", ("rename",), "dynamic", "marketing", renamed_from="lapsed-uk"),
    Change("segment.old-newsletter", ("archive",), "dynamic", "marketing", impact=Impact(88154, 0, 0, 88154)),
    secondary=(Secondary("segment.vip-weekend", ("segment.vip",), Impact(488, 503, 19, 4)),),
)

CATALOG_BEFORE = {
    "kind": "Catalog",
    "name": "igaming",
    "attributes": {"country": {"column": "country", "type": "string"}, "age": {"age_of": "date_of_birth"}},
    "events": {"bets": {"table": "bets"}},
    "metrics": {"total_deposit_amount": {"of": "payments", "sum": "amount"}},
}
CATALOG_AFTER = {
    "kind": "Catalog",
    "name": "igaming",
    "attributes": {"country": {"column": "land", "type": "string"}, "city": {"column": "city", "type": "string"}},
    "events": {"bets": {"table": "bets_2"}},
    "metrics": {"total_deposit_amount": {"of": "payments", "sum": "amount"}},
}


def catalog(after=None):
    return Change(
        "catalog.igaming",
        ("update",),
        "",
        keys=("attributes", "events"),
        before=CATALOG_BEFORE,
        after=after or CATALOG_AFTER,
        base=Base(1, "b" * 64),
        digest="c" * 64,
        file="segments/catalog.yaml",
    )


def _every_kind_of_rule_change():
    before = {
        "all": [
            {"country": {"in": ["AT", "DE"]}},
            {"email": {"contains": {"private": "aa"}}},
            {"age": {"gte": 18, "lt": 65}},
            {"last_login": {"older_than": "7d"}},
            {"in_segment": "whales"},
            {"any": [{"vip_level": {"gte": 3}}, {"total_deposit_count": {"gte": 10}}]},
            {"during": {"last": "30d"}, "all": [{"total_deposit_amount": {"gte": 100}}]},
            {"none": [{"country": {"eq": "FR"}}, {"age": {"lt": 21}}]},
        ]
    }
    after = {
        "all": [
            {"country": {"in": ["AT", "CH", "DE"]}},
            {"email": {"contains": {"private": "bb"}}},
            {"age": {"gte": 21, "is_set": True}},
            {"last_login": {"within": "30d"}},
            {"in_segment": ["vip", "whales"]},
            {"any": [{"vip_level": {"gt": 4}}, {"total_deposit_count": {"gte": 10}}]},
            {"during": {"last": "60d"}, "all": [{"total_deposit_amount": {"gte": 100}}]},
            {"during": {"last": "7d"}, "any": [{"total_deposit_amount": {"gte": 1}}, {"total_deposit_count": {"gte": 1}}]},
        ]
    }  # fmt: skip
    return updated("lapsed", before, after, places={"country": 9, "email": 10, "age": 11, "any": 12})


def _other_keys():
    rules = {"country": {"eq": "DE"}}
    return Change(
        "segment.vip-hosts",
        ("rename", "update"),
        "players",
        "service",
        keys=("name", "players", "purpose", "renamed_from", "title"),
        before={"name": "hosts", "type": "players", "players": {"count": 120, "private": "aa"}, "rules": rules},
        after={
            "name": "vip-hosts",
            "type": "players",
            "purpose": "service",
            "title": "VIP hosts",
            "protected": True,
            "players": {"count": 124, "private": "bb"},
            "rules": rules,
        },
        file="segments/lists/vip-hosts.yaml",
        renamed_from="hosts",
        impact=Impact(120, 124, 6, 2, 1, 2),
        unknown_players=3,
    )


_LONG = "segment-with-a-name-that-is-as-long-as-any-name-may-be-63-chars"
_MANY = [f"provider-{number:02}" for number in range(40)]

PLANS = {
    "design": DESIGN,
    "nothing": plan(),
    "one": plan(declared=1, commit=None),
    "dirty": plan(created("a", Impact(0, 1, 1, 0)), commit=Commit("3f2a91c0d4", dirty=True, branch="main")),
    "rules": plan(_every_kind_of_rule_change()),
    "keys": plan(_other_keys()),
    "catalog": plan(
        catalog(),
        updated("vip", VIP_BEFORE, VIP_BEFORE, impact=Impact(5, 5, 0, 0)),
        secondary=(Secondary("segment.dormant", ("catalog.igaming", "segment.vip"), Impact(7, 9, 2, 0)),),
    ),
    "catalog-many": plan(
        catalog({**CATALOG_AFTER, "attributes": {f"attribute_number_{n}": {"column": "c"} for n in range(30)}})
    ),
    "long-names": plan(
        created(_LONG, Impact(0, 1_234_567, 1_234_567, 0)),
        updated(_LONG[:-4] + "b", VIP_BEFORE, VIP_AFTER, impact=Impact(10_000_000, 10_000_001, 140_000, 139_999)),
        created("short", Impact(0, 0, 0, 0)),
        secondary=(
            Secondary("segment.other", tuple(f"segment.{_LONG[:-1]}{n}" for n in range(4)), Impact(1, 2, 1, 0)),
        ),
    ),
    "long-rules": plan(
        updated(
            "fans",
            {"all": [{"country": {"in": _MANY}}, {"favourite_providers": {"contains_any": _MANY}}]},
            {
                "all": [
                    {"country": {"in": [*_MANY[1:], "zz"]}},
                    {"favourite_providers": {"contains_any": _MANY}},
                    {"favourite_teams": {"contains_all": _MANY}},
                ]
            },
            places={"country": 1234, "favourite_teams": 1236},
        )
    ),
    "recovered": plan(
        Change(
            "segment.old", ("recover",), "dynamic", "marketing", after=segment("old"), impact=Impact(0, 12, 12, 0)
        ),
        Change(
            "segment.black-friday",
            ("rename", "replace"),
            "static",
            "marketing",
            before=segment("friday"),
            after=segment("black-friday"),
            renamed_from="friday",
            impact=Impact(5, 7, 3, 1),
        ),
        Change("segment.empty", ("archive",), "dynamic", "marketing", impact=Impact(0, 0, 0, 0)),
    ),
}
