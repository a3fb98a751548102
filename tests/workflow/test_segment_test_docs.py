"""docs/segment-tests.md tells the truth: its examples are read, and what they expect is so."""

from __future__ import annotations

import re
from pathlib import Path

from tests.support.trials import ROOT, run

PAGE = (ROOT / "docs" / "segment-tests.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"^```yaml\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
SEGMENTS = """
kind: Segment
name: lapsed
type: dynamic
rules: {all: [{country: DE}, {total_deposit_count: {gte: 1}}, {last_login: {older_than: 7d}}]}
---
{kind: Segment, name: levels, type: dynamic, rules: {all: [{vip_level: {gte: 3}}, {country: [DE, AT]}]}}
---
{kind: Segment, name: quiet-levels, type: dynamic, rules: {all: [{in_segment: levels}, {last_login: {older_than: 7d}}]}}
"""


def test_the_examples_of_the_page_hold(tmp_path: Path) -> None:
    found = run(tmp_path, SEGMENTS, *EXAMPLES)

    assert len(found.tried) == len(EXAMPLES) == 3
    assert [one.failures for one in found.tried] == [(), (), ()]
    assert found.passed
