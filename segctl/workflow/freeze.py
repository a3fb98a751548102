"""The present members of a segment as a list of players in a draft of its own, which says where they come from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import Any

from sqlalchemy import Connection

from segctl.base.errors import Refused
from segctl.plan.private import restored
from segctl.spec.form.written import written
from segctl.store import definitions, membership, players
from segctl.store.definitions import Deployed
from segctl.store.membership import Membership
from segctl.view.data import instant_text
from segctl.view.figures import counted, day, short
from segctl.view.safe import safe
from segctl.workflow.archive import write_restored
from segctl.workflow.context import Context
from segctl.workflow.deployed import bodies, kept_values
from segctl.workflow.drafts import check_free, check_name, document_of, place_of
from segctl.workflow.load import Loaded
from segctl.workflow.restored import Restored, listing, marked
from segctl.workflow.state import looking, readable_segment

# what holds for the copy as it holds for the original
_KEPT = ("purpose", "tags", "owner", "scope")


@dataclass(frozen=True, slots=True)
class Frozen:
    """The files that were written (`side` holds the ids, if they are many), and of how many members."""

    file: str
    side: str | None
    members: int
    as_of: datetime


def freeze(context: Context, loaded: Loaded, name: str, new: str, out: Path | None) -> Frozen:
    """Writes them. Raises: Refused."""
    check_name(new)
    with looking(context) as connection:
        one = readable_segment(connection, name)
        held = _held(connection, one)
        _check_unused(connection, loaded, name, new)
        file = _place(loaded, name, new) if out is None else place_of(loaded.root, out)
        check_free(loaded.root, file)
        ids = tuple(sorted(players.names(connection, held.members)))
        definition = bodies(connection, [one])[one.address]
        kept = {key: definition[key] for key in _KEPT if key in definition}
        kept = marked(restored(kept, kept_values(connection, kept)))
    listed, side = listing(ids, file)
    text = written(_document(context, one, held, new, {**kept, **listed}))
    write_restored(loaded.root, file, Restored(text, side, ()))
    return Frozen(file, side[0] if side else None, len(ids), held.as_of)


def _held(connection: Connection, one: Deployed) -> Membership:
    """The members of a segment that has some. Raises: Refused."""
    if one.status == "archived":
        raise Refused(
            f"`{one.name}` is archived and has no members.", f"Recover it: segctl archive recover {one.name}"
        )
    held = membership.load(connection, [one.object_id]).get(one.object_id)
    if held is None or not held.members:
        raise Refused(
            f"`{one.name}` has no members, so there is nothing to freeze.", "Evaluate it: segctl refresh"
        )
    return held


def _check_unused(connection: Connection, loaded: Loaded, name: str, new: str) -> None:
    taken = document_of(loaded, new)
    other = f"Choose another: segctl freeze {name} NAME"
    if taken is not None:
        raise Refused(f"`{new}` is taken: {taken.source.file} declares it.", other)
    if definitions.id_of(connection, f"segment.{new}") is not None:
        raise Refused(f"`{new}` is taken: a segment of that name is deployed, or was.", other)


def _place(loaded: Loaded, name: str, new: str) -> str:
    """Beside the original, if a file declares it."""
    found = document_of(loaded, name)
    return (
        f"segments/{new}.yaml" if found is None else str(PurePosixPath(found.source.file).with_name(f"{new}.yaml"))
    )


def _document(
    context: Context, one: Deployed, held: Membership, new: str, parts: Mapping[str, Any]
) -> dict[str, Any]:
    """The draft. Its description is part of what is deployed, so that the origin stays known without the file."""
    members = f"The {counted(len(held.members), 'member')} of {one.name} as of {instant_text(held.as_of)}"
    source = f"state {held.serial}, version {one.version}, digest {short(one.digest)}"
    frozen = f"frozen on {day(context.at)} by {safe(context.author.name)}"
    return {
        "kind": "Segment",
        "name": new,
        "title": f"{(one.title or one.name)[:180]}, {day(held.as_of)}",
        "description": f"{members}, {frozen}: {context.environment}, {source}.",
        "type": "players",
        **parts,
    }
