"""The story of one object: commits of its file, its versions, its rows of the audit log, in one line of time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from sqlalchemy import Connection

from segctl.files.commits import Commits, commits_of, commits_of_name
from segctl.files.project import SEGMENTS, SETTINGS
from segctl.spec.places import catalog_places
from segctl.store import audit, definitions
from segctl.store.audit import Logged
from segctl.store.definitions import Version
from segctl.view.timeline import Event, Timeline
from segctl.workflow.archive import WRITABLE
from segctl.workflow.asked import asked_for, known
from segctl.workflow.context import Context
from segctl.workflow.drafts import document_of
from segctl.workflow.load import Loaded
from segctl.workflow.state import looking

_NO_COMMITS = Commits(())


def timeline(context: Context, loaded: Loaded, asked: str, limit: int) -> Timeline:
    """The newest events of an object that is deployed, was, or is declared. Raises: Refused."""
    with looking(context) as connection:
        address = _address(connection, loaded, asked)
        versions = definitions.versions(connection, address)
        addresses = {address, *(one.address for one in versions)}
        rows = [row for one in addresses for row in audit.log(connection, limit=limit, address=one)]
    file = _file(loaded, address)
    found = _found(loaded.root, file, address, limit)
    commits = found or _NO_COMMITS
    events = [*_commits(commits, versions), *_versions(versions, rows), *_rows(versions, rows)]
    events.sort(key=lambda one: (one.at, one.state or 0), reverse=True)
    return Timeline(
        address=address,
        events=tuple(events[:limit]),
        file=file,
        edited=commits.edited and file is not None,
        shallow=commits.shallow,
        git=found is not None,
    )


def _address(connection: Connection, loaded: Loaded, asked: str) -> str:
    one = asked_for(definitions.deployed(connection, archived=True).values(), asked)
    if one is not None:
        return one.address
    prefix, dot, name = asked.partition(".")
    for kind, written in WRITABLE.items():
        if (not dot or prefix == kind) and document_of(loaded, name if dot else asked, written) is not None:
            return f"{kind}.{name if dot else asked}"
    return known(connection, asked).address


def _file(loaded: Loaded, address: str) -> str | None:
    """The file that declares an object now, below the project's folder."""
    kind, _, name = address.partition(".")
    if kind == "guard":
        return SETTINGS
    if kind == "catalog":
        places = catalog_places(loaded.sources)
        return None if places is None else places.file
    found = document_of(loaded, name, WRITABLE[kind])
    return None if found is None else found.source.file


def _found(root: Path, file: str | None, address: str, limit: int) -> Commits | None:
    """The commits of its file; of one that is gone, those of a file of its name."""
    if file is not None:
        return commits_of(root, file, limit)
    return commits_of_name(root, SEGMENTS, f"{address.partition('.')[2]}.yaml", limit)


def _commits(found: Commits, versions: Iterable[Version]) -> Iterator[Event]:
    applied: dict[str, list[int]] = {}
    for version in versions:
        if version.commit_id is not None:
            applied.setdefault(version.commit_id, []).append(version.version)
    for one in found.commits:
        yield Event(
            at=one.at,
            kind="commit",
            who=one.author,
            what=one.subject,
            commit=one.commit,
            applied=tuple(sorted(applied.get(one.commit, ()))),
        )


def _versions(versions: Iterable[Version], rows: Iterable[Logged]) -> Iterator[Event]:
    """A version and the row of the log that tells of it are one event."""
    told = {(row.serial, row.address, row.action): row for row in rows}
    for one in versions:
        row = told.get((one.serial, one.address, one.action))
        detail = {} if row is None else row.detail
        yield Event(
            at=one.at,
            kind="version",
            who=one.author,
            what=one.action,
            name=one.address.partition(".")[2],
            state=one.serial,
            version=one.version,
            audit=None if row is None else row.seq,
            joined=detail.get("joined"),
            left=detail.get("left"),
            commit=one.commit_id,
            plan=one.plan_id,
        )


def _rows(versions: Iterable[Version], rows: Iterable[Logged]) -> Iterator[Event]:
    """What the log tells of the object beside its versions, such as a reveal."""
    told = {(one.serial, one.address, one.action) for one in versions}
    for row in rows:
        if (row.serial, row.address, row.action) not in told:
            who = str(row.actor.get("author", ""))
            yield Event(
                row.at,
                "audit",
                who,
                row.action,
                state=row.serial,
                audit=row.seq,
                commit=row.commit_id,
                plan=row.plan_id,
            )
