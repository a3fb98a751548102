"""Files beside the documents that name a player: lists, and saved plans. Reads the disk."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from segctl.base.words import word_lines
from segctl.files.project import SEGMENTS
from segctl.files.regular import read_regular

_cells = re.compile(r"[,;\t]").split
_DOCUMENTS = (".yaml", ".yml")
PLANS = "plans"


def naming_lists(root: Path, listed: Iterable[str], player_id: str) -> Iterator[tuple[str, int]]:
    """File and line of each list that has the id: those that documents name, and what else lies in segments/."""
    beside = {
        path.relative_to(root).as_posix()
        for path in (root / SEGMENTS).rglob("*")
        if path.is_file() and path.suffix not in _DOCUMENTS
    }
    for name in sorted({*listed, *beside}):
        for number, line in enumerate(_text(root / name).splitlines(), 1):
            if player_id in (cell.strip().strip('"') for cell in _cells(line)):
                yield name, number


def naming_plans(root: Path, player_id: str) -> Iterator[tuple[str, int]]:
    """File and line of each saved plan that has the id, in a title or a reason: plans hold no list of players."""
    for path in sorted((root / PLANS).glob("*.json")):
        for line in sorted(word_lines(player_id, _text(path))) if not player_id.isdigit() else ():
            yield path.relative_to(root).as_posix(), line


def _text(path: Path) -> str:
    data = read_regular(str(path))
    return data.decode("utf-8-sig", "replace") if isinstance(data, bytes) else ""
