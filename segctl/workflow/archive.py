"""What is archived, and its way back: the file of an archived object, written from the state."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection

from segctl.base.errors import Refused
from segctl.files.atomic import write_text
from segctl.spec.suggest import did_you_mean
from segctl.store import definitions, history
from segctl.store.definitions import Deployed, Version
from segctl.workflow.asked import asked_for
from segctl.workflow.context import Context
from segctl.workflow.drafts import check_free, document_of, place_of
from segctl.workflow.load import Loaded
from segctl.workflow.restored import Restored, past_of, restored_file
from segctl.workflow.state import looking

WRITABLE = {"segment": "Segment", "rule": "Rule", "list": "List"}


@dataclass(frozen=True, slots=True)
class Archived:
    """An archived object; `members` is how many a segment had when it was archived, None for others."""

    object: Deployed
    end: Version
    members: int | None


@dataclass(frozen=True, slots=True)
class Recovered:
    """The file that was written, of which version, and what could not be put back."""

    address: str
    file: str
    version: int
    side: str | None
    lost: tuple[str, ...]


def archived(context: Context) -> list[Archived]:
    """Everything that is archived, the last one first."""
    with looking(context) as connection:
        numbers = history.members_at_the_end(connection)
        found = [_told(connection, one, numbers) for one in _archived(connection)]
    return sorted(found, key=lambda one: one.end.serial, reverse=True)


def archived_one(context: Context, asked: str) -> Archived:
    """One of them, by name or address. Raises: Refused."""
    with looking(context) as connection:
        return _told(connection, _meant(connection, asked), history.members_at_the_end(connection))


def recover(context: Context, loaded: Loaded, asked: str, out: Path | None) -> Recovered:
    """Writes the file of an archived object, as it was when it was archived. Raises: Refused."""
    with looking(context) as connection:
        one = _meant(connection, asked)
        check_writable(one.address, f"segctl show {one.address}")
        declared = document_of(loaded, one.name, WRITABLE[one.kind])
        if declared is not None:
            raise Refused(
                f"{declared.source.file} declares `{one.name}` already.", "It comes back with: segctl apply"
            )
        file = f"segments/{one.name}.yaml" if out is None else place_of(loaded.root, out)
        check_free(loaded.root, file)
        past = past_of(connection, one)
        if past is None:
            raise Refused(
                f"The state keeps no definition of {one.address}.",
                "Look for what happened to it: segctl audit verify",
            )
        made = restored_file(connection, past, file)
    write_restored(loaded.root, file, made)
    return Recovered(one.address, file, past.version.version, made.side[0] if made.side else None, made.lost)


def check_writable(address: str, seen: str) -> None:
    """Raises: Refused, for what has no document of its own that could be written."""
    kind, _, name = address.partition(".")
    if kind == "guard":
        raise Refused(
            f"The guard of {name} segments stands in segctl.yaml, which segctl does not write.",
            f"Write it there, below `guards:`. What it was: {seen}",
        )
    if kind not in WRITABLE:
        raise Refused(f"A {kind} is not written by segctl.", "Take its file from git: git log --all -- segments")


def write_restored(root: Path, file: str, made: Restored) -> None:
    """Writes the side file first, so that no document names a list that is not there. Raises: Refused."""
    if made.side is not None:
        check_free(root, made.side[0])
        write_text(root / made.side[0], "player_id\n" + "".join(f"{one}\n" for one in made.side[1]))
    write_text(root / file, made.text)


def _archived(connection: Connection) -> list[Deployed]:
    found = definitions.deployed(connection, archived=True)
    return [one for one in found.values() if one.status == "archived"]


def _told(connection: Connection, one: Deployed, numbers: Mapping[int, int]) -> Archived:
    members = numbers.get(one.object_id, 0) if one.kind == "segment" else None
    return Archived(one, definitions.versions(connection, one.address)[0], members)


def _meant(connection: Connection, asked: str) -> Deployed:
    found = _archived(connection)
    one = asked_for(found, asked)
    if one is not None:
        return one
    if asked_for(definitions.deployed(connection).values(), asked) is not None:
        raise Refused(
            f"`{asked}` is deployed, not archived.",
            f"What it is: segctl show {asked}",
            f"To write the file of one of its versions: segctl rollback {asked} --to VERSION",
        )
    raise Refused(f"Nothing archived is called `{asked}`.", _near(asked, found))


def _near(asked: str, found: Iterable[Deployed]) -> str:
    return did_you_mean(asked, [one.name for one in found]) or "What is archived: segctl archive list"
