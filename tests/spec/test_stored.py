"""What the state keeps is read back as what was deployed."""

from __future__ import annotations

from dataclasses import replace

import pytest

from segctl.base.errors import Refused
from segctl.files.shipped import schema
from segctl.model.canonical import catalog_document, segment_document
from segctl.model.segment import PlayerList, Segment
from segctl.spec.stored import stored_catalog, stored_rules, stored_scope
from tests.spec.reading import project, segment_text

RULES = """{all: [{country: [NO, "010"]}, {last_login: {older_than: 36h, before: now}}, {total_deposit_amount: 0.000001},
  {during: {last: 1y, before: 2w}, none: [{sports_turnover: {team: [b, a], gte: 19.99}}]}, {in_segment: t}]}"""


def test_a_deployed_project_reads_back() -> None:
    found = project({"s.yaml": segment_text(RULES), "t.yaml": segment_text("{consent_email: true}", "t")})
    assert found.catalog is not None
    catalog_kept = catalog_document(found.catalog)
    kept = {name: segment_document(segment) for name, segment in found.segments.items()}

    catalog = stored_catalog(catalog_kept, schema)
    rules = {name: stored_rules(document, name, stored_scope(catalog)) for name, document in kept.items()}

    assert catalog_document(catalog) == catalog_kept
    for name, segment in found.segments.items():
        assert segment_document(replace(segment, rules=rules[name])) == kept[name]


def test_a_plain_list_has_no_rules() -> None:
    catalog = project({}).catalog
    assert catalog is not None
    document = segment_document(Segment("s", "players", players=PlayerList(("p_1",))))

    assert stored_rules(document, "s", stored_scope(catalog)) is None


def test_what_this_version_cannot_read_is_refused_with_the_reason() -> None:
    catalog = project({}).catalog
    assert catalog is not None
    document = {"kind": "Segment", "name": "s", "type": "dynamic", "rules": {"countri": {"eq": "DE"}}}

    with pytest.raises(Refused, match=r"segment\.s") as refusal:
        stored_rules(document, "s", stored_scope(catalog))

    assert "countri" in refusal.value.help[0]
    with pytest.raises(Refused):
        stored_catalog({"kind": "Catalog"}, schema)
