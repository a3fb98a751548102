"""The kinds of documents and who reads them. A new kind is a row here."""

from __future__ import annotations

from collections.abc import Callable

from segctl.spec.catalog import CatalogRead, read_catalog
from segctl.spec.desk import Desk
from segctl.spec.named import ListRead, RuleRead, read_list, read_rule
from segctl.spec.node import Mapping
from segctl.spec.page import Page
from segctl.spec.segment import SegmentRead, read_segment
from segctl.spec.segment_test import TestRead, read_segment_test

Read = CatalogRead | SegmentRead | RuleRead | ListRead | TestRead

KINDS: dict[str, Callable[[Page, Mapping, Desk], Read]] = {
    "Catalog": read_catalog,
    "Segment": read_segment,
    "Rule": read_rule,
    "List": read_list,
    "SegmentTest": read_segment_test,
}
