"""What is kept of a project for the next time: entries of a cache (files/cache.py). Nothing personal.

A definition without private values has one digest under every secret, so that it may stand in an entry.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import islice

from segctl.model.segment import Segment
from segctl.spec.project import Project
from segctl.spec.recall import Memory, entry
from segctl.spec.segment import SegmentRead
from segctl.spec.segment_test import TestRead
from segctl.workflow.declared import declared_segment, personal_fields

_ANY = b""


def kept(memory: Memory, project: Project) -> Mapping[str, str]:
    """The entries of this project, new and old, and about as many of those that it does not have now.

    Those may be of another branch, or of segment tests; by their number a cache stays bounded.
    """
    personal = personal_fields(project)
    found = memory.kept | {key: _entry(documents, personal) for key, documents in memory.fresh.items()}
    others = (item for item in memory.entries.items() if item[0] not in found)
    return found | dict(islice(others, len(found)))


def _entry(documents: tuple[SegmentRead | TestRead, ...], personal: frozenset[str]) -> str:
    """Empty where a document has what must not be kept, or says nothing without the state (`renamed_from`)."""
    told: list[tuple[SegmentRead, str] | TestRead] = []
    for read in documents:
        if isinstance(read, TestRead):
            told.append(read)
            continue
        if read.segment is None or _private(read.segment):
            return ""
        declared = declared_segment(read.segment, personal, _ANY)
        if declared.private:
            return ""
        told.append((read, declared.digest))
    try:
        return entry(told)
    except TypeError:
        return ""


def _private(segment: Segment) -> bool:
    """A query may name players in ways that nobody can tell."""
    beside = segment.players, segment.webhook, segment.query, segment.renamed_from
    return any(one is not None for one in beside)
