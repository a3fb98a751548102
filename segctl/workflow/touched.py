"""Which segments and tests a working tree may have changed since a commit: by files, and by who uses whom.

Files are compared as they are. Only where settings or the catalog differ is the commit's project read, since what
these say is not one object's alone.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping

from segctl.files.checkout import committed_files
from segctl.files.project import SETTINGS
from segctl.files.revision import revision
from segctl.model.segment import NamedList, NamedRule, Segment
from segctl.model.uses import users
from segctl.plan.catalogdiff import changed_addresses
from segctl.spec.recalled_test import Keep
from segctl.workflow.based import Base, base_of
from segctl.workflow.declared import declared_digests
from segctl.workflow.load import Loaded
from segctl.workflow.uses import declared_uses

# digests are compared with each other only
_SECRET = b"segctl"


def touched(loaded: Loaded, ref: str) -> Keep:
    """Which tests were edited, or are of segments that may have other members now. Raises: Mistakes, Refused."""
    commit = revision(loaded.root, ref)
    files = frozenset(_differing(loaded, committed_files(loaded.root, commit)))
    if SETTINGS in files or _of_catalog(loaded, files):
        base = base_of(loaded, commit)
        if _zone(base.loaded) != _zone(loaded):
            return lambda file, segment: True  # noqa: ARG005
        changed = _changed(loaded, base)
    else:
        changed = set(_declared_in(loaded, files))
    every = declared_uses(loaded).uses
    found = changed | {one.user for address in changed for one in users(every, address)}
    return lambda file, segment: f"segment.{segment}" in found or file in files


def _differing(loaded: Loaded, before: Mapping[str, bytes]) -> Iterator[str]:
    """The files of today that are new or others than in the commit, side files among them."""
    yield from (source.file for source in loaded.sources if before.get(source.file) != source.data)
    known = {source.file for source in loaded.sources}
    for name, digest in loaded.project.digests.items():
        if name not in known and (name not in before or hashlib.sha256(before[name]).hexdigest() != digest):
            yield name


def _declared_in(loaded: Loaded, files: frozenset[str]) -> Iterator[str]:
    """The addresses of what these files declare, or list."""
    project = loaded.project
    stated: list[Segment | NamedRule | NamedList] = [*project.segments.values()]
    stated += [*project.rules.values(), *project.lists.values()]
    yield from (one.address for one in stated if one.at is None or one.at.file in files)
    for segment in project.segments.values():
        if segment.players is not None and segment.players.file in files:
            yield segment.address


def _changed(loaded: Loaded, base: Base) -> set[str]:
    """The addresses of what differs from the commit in meaning or in words."""
    was = declared_digests(base.loaded.project, _SECRET)
    now = declared_digests(loaded.project, _SECRET)
    found = {address for address in was.keys() | now.keys() if was.get(address) != now.get(address)}
    catalog = loaded.project.catalog
    return found | (changed_addresses(base.loaded.project.catalog, catalog) if catalog is not None else set())


def _of_catalog(loaded: Loaded, files: frozenset[str]) -> bool:
    """May one of these files hold the catalog?"""
    return any(b"Catalog" in source.data for source in loaded.sources if source.file in files)


def _zone(loaded: Loaded) -> str | None:
    return loaded.settings.timezone if loaded.settings else None
