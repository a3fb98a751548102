"""What still names a player after the state has forgotten them: files, saved plans, the warehouse, git."""

from __future__ import annotations

from dataclasses import dataclass

from segctl.base.errors import Refused
from segctl.files.naming import naming_lists, naming_plans
from segctl.model.catalog import Catalog
from segctl.spec.naming import naming_lines
from segctl.sql.questions import AskRows
from segctl.sql.statements import WHOLE
from segctl.view.erasure import Remaining
from segctl.warehouse.read import open_warehouse
from segctl.workflow.context import Context
from segctl.workflow.load import Loaded


@dataclass(frozen=True, slots=True)
class Reach:
    """Where to look."""

    context: Context
    loaded: Loaded
    catalog: Catalog | None


def remaining(reach: Reach, texts: tuple[str, ...], player_id: str) -> Remaining:
    """Everything that names the player and is not the state's to remove; `texts` are definitions that do."""
    root = reach.loaded.root
    return Remaining(
        files=_files(reach.loaded, player_id),
        plans=tuple(naming_plans(root, player_id)),
        definitions=texts,
        warehouse=_in_warehouse(reach, player_id),
        git=any((folder / ".git").exists() for folder in (root, *root.parents)),
    )


def _files(loaded: Loaded, player_id: str) -> tuple[tuple[str, int], ...]:
    documents = {source.file for source in loaded.sources}
    found = [(source.file, line) for source in loaded.sources for line in naming_lines(source, player_id)]
    lists = naming_lists(loaded.root, loaded.project.digests.keys() - documents, player_id)
    return tuple(sorted([*found, *lists]))


def _in_warehouse(reach: Reach, player_id: str) -> bool | None:
    """Does the warehouse have the player? None where it cannot be asked."""
    if reach.catalog is None:
        return None
    player = reach.catalog.player
    try:
        with open_warehouse(reach.context.warehouse, reach.context.clock.zone) as read:
            asked = AskRows(player.table, player.key, player_id, ((player.key, None),))
            return bool(read(asked, WHOLE).num_rows)
    except Refused:
        return None
