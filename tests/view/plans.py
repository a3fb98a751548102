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
