"""What the state keeps is read back as what was deployed."""

from __future__ import annotations

from time import process_time

import pytest

from segctl.base.errors import Refused
from segctl.files.shipped import schema
from segctl.model.canonical import catalog_document, segment_document
from segctl.model.segment import PlayerList, Segment
from segctl.spec.stored import stored_catalog, stored_segments
from tests.spec.reading import project, segment_text

RULES = """{all: [{country: [NO, "010"]}, {last_login: {older_than: 36h, before: now}}, {total_deposit_amount: 0.000001},
  {during: {last: 1y, before: 2w}, none: [{sports_turnover: {team: [b, a], gte: 19.99}}]}, {in_segment: t}]}"""


def test_a_deployed_project_reads_back() -> None:
    found = project({"s.yaml": segment_text(RULES), "t.yaml": segment_text("{consent_email: true}", "t")})
    assert found.catalog is not None
    catalog_kept = catalog_document(found.catalog)
    kept = {name: segment_document(segment) for name, segment in found.segments.items()}

    catalog = stored_catalog(catalog_kept, schema)
    segments = stored_segments(kept, catalog, schema)

    assert catalog_document(catalog) == catalog_kept
    assert {name: segment_document(segment) for name, segment in segments.items()} == kept


def test_a_long_list_reads_back_whatever_its_size() -> None:
    catalog = project({}).catalog
    assert catalog is not None
    ids = tuple(f"p_{n:09d}" for n in range(200_000))
    document = segment_document(Segment("s", "players", players=PlayerList(ids)))
    started = process_time()

    segments = stored_segments({"s": document}, catalog, schema)

    assert segments["s"].players == PlayerList(ids)
    assert process_time() - started < 3


def test_what_this_version_cannot_read_is_refused_with_the_reason() -> None:
    catalog = project({}).catalog
    assert catalog is not None
    document = {"kind": "Segment", "name": "s", "type": "dynamic", "rules": {"countri": {"eq": "DE"}}}

    with pytest.raises(Refused, match=r"segment\.s") as refusal:
        stored_segments({"s": document}, catalog, schema)

    assert "countri" in refusal.value.help[0]
    with pytest.raises(Refused):
        stored_catalog({"kind": "Catalog"}, schema)
