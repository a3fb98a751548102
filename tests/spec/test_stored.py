"""What the state keeps is read back as what was deployed."""

from __future__ import annotations

from dataclasses import replace

import pytest

from segctl.base.errors import Refused
from segctl.files.shipped import schema
from segctl.model.canonical import catalog_document, rule_object_document, segment_document
from segctl.model.segment import PlayerList, Segment
from segctl.spec.stored import stored_catalog, stored_rule, stored_scope, stored_segment
from tests.spec.reading import project, segment_text

RULES = """{all: [{country: [NO, "010"]}, {last_login: {older_than: 36h, before: now}}, {total_deposit_amount: 0.000001},
  {during: {last: 1y, before: 2w}, none: [{sports_turnover: {team: [b, a], gte: 19.99}}]}, {in_segment: t}]}"""
HEADS = """{all: [{event: payments, where: {kind: deposit}, count: 3, sum: {amount: {gte: 1.5}}, during: {last: 30d}},
  {sequence: [{event: bets}, {event: payments, where: {status: failed}}], within: 1h}, {rule: r},
  {bucket: {salt: "1", percent: [0, 12.5]}}, {in_segment: {segment: [t, u], since: {older_than: 2d}}},
  {was_in_segment: {segment: t, during: {calendar: last_month}}}, {was_in_segment: u}, {country: {in_list: l}},
  {at_least: {n: 2, of: [{country: DE}, {city: Bonn}, {total_deposit_count: 3}]}, during: lifetime}]}"""
BESIDE = """include: [{players: ["007"], reason: host, until: 2026-12-31}, {segments: [t]}]
exclude: [{segments: [u], reason: policy}]
limit: {percent: 2.5, by: total_deposit_amount, order: asc, during: {last: 90d}}
scope: {country: [DE, AT], city: Bonn}
"""
TRIGGERED = """kind: Segment
name: u
type: triggered
purpose: analysis
enter: [{event: payments, where: {kind: deposit}}, {event: bets}]
exit: {event: payments, where: {all: [{kind: withdrawal}, {amount: {gte: 10}}]}}
for: 14d
"""
SQL = "kind: Segment\nname: q\ntype: sql\nquery: SELECT player_id FROM players\n"
NAMED = "kind: Rule\nname: r\nrules: {vip_level: {gte: 3}}\n---\nkind: List\nname: l\nvalues: [DE]\n"


def test_a_deployed_project_reads_back() -> None:
    found = project(
        {
            "s.yaml": segment_text(RULES),
            "t.yaml": segment_text("{consent_email: true}", "t"),
            "h.yaml": segment_text(HEADS, "h") + BESIDE,
            "u.yaml": TRIGGERED,
            "q.yaml": SQL,
            "n.yaml": NAMED,
        }
    )
    assert found.diagnostics == ()
    assert found.catalog is not None
    catalog_kept = catalog_document(found.catalog)
    kept = {name: segment_document(segment) for name, segment in found.segments.items()}

    catalog = stored_catalog(catalog_kept, schema)
    read = {name: stored_segment(document, name, stored_scope(catalog)) for name, document in kept.items()}

    assert catalog_document(catalog) == catalog_kept
    assert len(read) == 5
    for name, segment in read.items():
        assert segment_document(segment) == kept[name]


def test_a_named_rule_reads_back() -> None:
    found = project({"n.yaml": NAMED})
    assert found.catalog is not None
    document = rule_object_document(found.rules["r"])

    rule = stored_rule(document, "rule.r", stored_scope(found.catalog))

    assert rule_object_document(replace(found.rules["r"], rule=rule)) == document


def test_a_plain_list_has_no_rules() -> None:
    catalog = project({}).catalog
    assert catalog is not None
    document = segment_document(Segment("s", "players", players=PlayerList(("p_1",))))

    assert stored_segment(document, "s", stored_scope(catalog)).rules is None


def test_what_this_version_cannot_read_is_refused_with_the_reason() -> None:
    catalog = project({}).catalog
    assert catalog is not None
    document = {"kind": "Segment", "name": "s", "type": "dynamic", "rules": {"countri": {"eq": "DE"}}}

    with pytest.raises(Refused, match=r"segment\.s") as refusal:
        stored_segment(document, "s", stored_scope(catalog))

    assert "countri" in refusal.value.help[0]
    with pytest.raises(Refused):
        stored_catalog({"kind": "Catalog"}, schema)
