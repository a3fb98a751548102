"""A project on disk, and who is in its segments: the same steps as a plan, without a state."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from graphlib import TopologicalSorter
from pathlib import Path
from zoneinfo import ZoneInfo

import pyarrow as pa
import pyarrow.compute as pc
from pyroaring import BitMap

from segctl.base.diagnostic import Diagnostic
from segctl.files.lists import read_list
from segctl.files.project import read_files
from segctl.files.shipped import schema
from segctl.members.evaluate import evaluate
from segctl.members.numbering import Numbering
from segctl.model.catalog import Catalog
from segctl.model.segment import Segment
from segctl.model.settings import Settings
from segctl.model.time import Clock
from segctl.spec.project import Project, read_project
from segctl.spec.settings import read_settings
from segctl.sql.ask import ask
from segctl.sql.lower import Subject, lower
from segctl.warehouse.read import open_warehouse


@dataclass(frozen=True, slots=True)
class Opened:
    """A project's settings and documents, and every mistake of both."""

    settings: Settings | None
    project: Project
    diagnostics: tuple[Diagnostic, ...]


def opened(root: Path) -> Opened:
    """Reads the project in a folder."""
    files = read_files(root)
    assert files.settings is not None
    told = read_settings(files.settings, schema("settings"))
    project = read_project(files.sources, partial(read_list, root), schema, told.guards)
    return Opened(told.settings, project, (*files.diagnostics, *told.mistakes, *project.diagnostics))


def members(
    catalog: Catalog, segments: Mapping[str, Segment], warehouse: Path, as_of: datetime, timezone: str
) -> dict[str, frozenset[str]]:
    """The player ids by segment."""
    clock = Clock(as_of, ZoneInfo(timezone))
    uses = {name: ("new", name) for name in segments}
    order = TopologicalSorter({name: segment.uses for name, segment in segments.items()}).static_order()
    subjects = [
        Subject(uses[name], catalog, segments[name].rules, given=segments[name].players is not None, uses=uses)
        for name in order
    ]
    program = lower(subjects, catalog)
    listed = {name: segment.players.ids for name, segment in segments.items() if segment.players is not None}
    known = pa.array(dict.fromkeys(id_ for ids in listed.values() for id_ in ids), pa.string())
    numbering = Numbering(known)
    given = {uses[name]: BitMap(pc.index_in(pa.array(ids), known).to_pylist()) for name, ids in listed.items()}
    with open_warehouse(f"duckdb:///{warehouse}", clock.zone) as read:
        found = evaluate(program, ask(program, clock), clock, read=read, numbering=numbering, given=given)
    ids = [*known.to_pylist(), *(player for batch in numbering.new for player in batch.to_pylist())]
    return {name: frozenset(ids[number] for number in found.members[uses[name]]) for name in segments}
