"""Writes the file of an earlier version, in the place of the present one. Deploys nothing."""

from __future__ import annotations

import re
from dataclasses import dataclass

from sqlalchemy import Connection

from segctl.base.errors import Refused
from segctl.spec.form.blocks import MARKERS, MODELINE, region
from segctl.spec.node import text
from segctl.store import definitions
from segctl.store.definitions import Deployed
from segctl.store.state import head
from segctl.workflow.archive import WRITABLE, check_writable, write_restored
from segctl.workflow.asked import known
from segctl.workflow.context import Context
from segctl.workflow.declared import DeclaredObject, declared_objects
from segctl.workflow.drafts import Found, check_free, document_of
from segctl.workflow.load import Loaded
from segctl.workflow.restored import Past, Restored, past_of, restored_file
from segctl.workflow.state import looking
from segctl.workflow.versions import version_called

_line_breaks = re.compile(r"\r\n?").sub


@dataclass(frozen=True, slots=True)
class RolledBack:
    """The file that was written, or that needed no writing. `replaced` says whether it was there before."""

    address: str
    file: str
    version: int
    written: bool
    replaced: bool
    side: str | None = None
    lost: tuple[str, ...] = ()


def rollback(context: Context, loaded: Loaded, asked: str, number: int, *, force: bool = False) -> RolledBack:
    """Writes it; edits that are not deployed would be lost, so that takes `force`. Raises: Refused."""
    with looking(context) as connection:
        one = known(connection, asked)
        check_writable(one.address, f"segctl versions {one.address} --diff {number}")
        past = _past(connection, one, asked, number)
        found = document_of(loaded, one.name, WRITABLE[one.kind])
        file = found.source.file if found else f"segments/{one.name}.yaml"
        declared = declared_objects(loaded.project, head(connection).secret).get(one.address)
        if declared is not None and declared.digest == past.version.digest:
            return RolledBack(one.address, file, number, written=False, replaced=False)
        _check_edits(one, declared, found, force=force)
        made = restored_file(connection, past, file, keys=_kept_keys(past, declared, found))
    if found is None:
        check_free(loaded.root, file)
    else:
        made = _in_place(found, made)
    write_restored(loaded.root, file, made)
    side = made.side[0] if made.side else None
    return RolledBack(one.address, file, number, True, found is not None, side, made.lost)


def _past(connection: Connection, one: Deployed, asked: str, number: int) -> Past:
    version = version_called(asked, number, definitions.versions(connection, one.address))
    past = past_of(connection, one, number)
    if past is None:
        raise Refused(
            f"Version {number} of `{asked}` is its end: there it was archived, on {version.at:%Y-%m-%d}.",
            f"To archive it again, remove its file. To see what it was: segctl versions {asked} --diff {number}",
        )
    return past


def _check_edits(one: Deployed, declared: DeclaredObject | None, found: Found | None, *, force: bool) -> None:
    if force or found is None or (declared is not None and declared.digest == one.digest):
        return
    raise Refused(
        f"{found.source.file} says something else than what is deployed; these edits would be lost.",
        "Look at them: segctl plan",
        "Keep or undo them first; --force writes over them.",
    )


def _kept_keys(past: Past, declared: DeclaredObject | None, found: Found | None) -> dict[str, str]:
    """What stands in the file and is no part of a definition: the file of the same list, the former name."""
    if found is None:
        return {}
    keys = {key: text(found.root, key) for key in ("renamed_from", "players_file")}
    same = declared is not None and declared.definition.get("players") == past.definition.get("players")
    if not same or "players" not in past.definition:
        del keys["players_file"]
    return {key: value for key, value in keys.items() if value}


def _in_place(found: Found, made: Restored) -> Restored:
    """The file with the new document where the old one stood; the others in it, and the editor's line, stay."""
    lines = _line_breaks("\n", found.source.data.decode("utf-8-sig")).split("\n")
    if lines[found.root.start.line].startswith(MARKERS):
        raise Refused(
            f"The document in {found.source.file} begins on the line of its `---`.",
            "Put it on lines of its own, and try again.",
        )
    first, last = region(lines, found.root)
    head_ = [lines[first]] if lines[first].startswith(MODELINE) else []
    new = [*lines[:first], *head_, *made.text.removesuffix("\n").split("\n"), *lines[last:]]
    return Restored("\n".join(new).rstrip("\n") + "\n", made.side, made.lost)
