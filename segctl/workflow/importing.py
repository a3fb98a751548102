"""Files for what is not in files yet: lists of other systems, and what is deployed and nobody declares."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from segctl.base.errors import Refused
from segctl.files.exports import Exported, read_export
from segctl.files.project import SEGMENTS
from segctl.files.scaffold import slug
from segctl.spec.form.written import written
from segctl.spec.suggest import did_you_mean
from segctl.store import definitions
from segctl.store.state import head
from segctl.view.figures import counted, day
from segctl.view.safe import safe
from segctl.workflow.archive import WRITABLE, check_writable, write_restored
from segctl.workflow.asked import asked_for
from segctl.workflow.context import Context
from segctl.workflow.declared import declared_objects
from segctl.workflow.drafts import check_free, document_of, place_of
from segctl.workflow.load import Loaded
from segctl.workflow.restored import Restored, listing, past_of, restored_file
from segctl.workflow.state import looking


@dataclass(frozen=True, slots=True)
class Imported:
    """A file that was written: for a list of so many players, or for a deployed object."""

    address: str
    file: str
    source: str
    players: int | None = None
    side: str | None = None
    lost: tuple[str, ...] = ()


def import_lists(
    context: Context, loaded: Loaded, files: Sequence[Path], *, folder: Path | None, keys: Mapping[str, str]
) -> list[Imported]:
    """Writes a `players` segment for each list in the files, or nothing at all. Raises: Refused."""
    lists = [one for file in files for one in read_export(file)]
    below = _folder(loaded, folder)
    made: dict[str, tuple[Exported, str, Restored]] = {}
    for one in lists:
        name = slug(one.name)
        if name in made:
            raise Refused(
                f"`{one.name}` and `{made[name][0].name}` would both be called `{name}`.",
                "Rename one of them in its file.",
            )
        taken = document_of(loaded, name)
        if taken is not None:
            raise Refused(f"`{name}` is taken: {taken.source.file} declares it.", "Rename the list in its file.")
        file = f"{below}/{name}.yaml"
        made[name] = (one, file, _draft(context, one, name, file, keys))
    for _, file, draft in made.values():
        check_free(loaded.root, file)
        if draft.side is not None:
            check_free(loaded.root, draft.side[0])
    found = []
    for name, (one, file, draft) in made.items():
        write_restored(loaded.root, file, draft)
        side = draft.side[0] if draft.side else None
        found.append(Imported(f"segment.{name}", file, one.file, len(one.ids), side))
    return found


def adopt(context: Context, loaded: Loaded, names: Sequence[str], *, folder: Path | None) -> list[Imported]:
    """Writes the files of what is deployed and not declared: all of it, or some by name. Raises: Refused."""
    below = _folder(loaded, folder)
    made: list[tuple[str, str, Restored]] = []
    with looking(context) as connection:
        declared = declared_objects(loaded.project, head(connection).secret)
        active = definitions.deployed(connection)
        strangers = [one for address, one in active.items() if address not in declared and one.kind in WRITABLE]
        for asked in names:
            one = asked_for(active.values(), asked)
            if one is None:
                near = did_you_mean(asked, [other.name for other in strangers])
                raise Refused(f"Nothing deployed is called `{asked}`.", near or "What is deployed: segctl list")
            check_writable(one.address, f"segctl show {one.address}")
            if one not in strangers:
                raise Refused(f"A file declares `{asked}` already.", "What differs: segctl plan")
        wanted = [one for one in strangers if not names or one.address in names or one.name in names]
        for one in wanted:
            file = f"{below}/{one.name}.yaml"
            check_free(loaded.root, file)
            past = past_of(connection, one)
            if past is None:
                raise Refused(f"The state keeps no definition of {one.address}.", "segctl audit verify")
            made.append((one.address, file, restored_file(connection, past, file)))
    for _, file, draft in made:
        write_restored(loaded.root, file, draft)
    return [
        Imported(address, file, "state", None, draft.side[0] if draft.side else None, draft.lost)
        for address, file, draft in made
    ]


def _folder(loaded: Loaded, wanted: Path | None) -> str:
    """Where the documents go. Raises: Refused, if none can lie there."""
    return SEGMENTS if wanted is None else str(PurePosixPath(place_of(loaded.root, wanted / "x.yaml")).parent)


def _draft(context: Context, one: Exported, name: str, file: str, keys: Mapping[str, str]) -> Restored:
    listed, side = listing(one.ids, file)
    players, when = counted(len(one.ids), "player"), day(context.at)
    document = {
        "kind": "Segment",
        "name": name,
        "title": safe(one.name)[:200],
        "description": f"{players}, imported from {safe(one.file)} on {when} by {safe(context.author.name)}.",
        "type": "players",
        **keys,
        **listed,
    }
    return Restored(written(document), side, ())
