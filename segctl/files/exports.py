"""Lists of players that other systems export, read as names with their ids. Reads the disk.

CSV and JSON Lines are rows: one column names the player, and one, if there is one, the list. JSON is a list of
ids, lists by name, objects with a name and their players, or rows.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from segctl.base.errors import Refused
from segctl.files.lists import LONGEST_ID

_PLAYER = ("player_id", "player", "playerid", "user_id", "userid", "customer_id", "customerid", "account_id", "id")
_LIST = ("segment", "segment_name", "list", "list_name", "audience", "audience_name", "group", "name")
_PLAYERS = ("players", "members", "player_ids", "ids", "users", "customers")
_MOST_BYTES = 512 * 1024 * 1024
_SHAPES = 'Write one id a line, or rows with the columns player_id and segment, or JSON: {"name": ["id", …]}.'


# the name of a list, and something for a player
Rows = Iterator[tuple[str, Any]]


@dataclass(frozen=True, slots=True)
class Exported:
    """A list as it is called where it comes from, its players in their order, each once, and the file."""

    name: str
    ids: tuple[str, ...]
    file: str


def read_export(path: Path) -> list[Exported]:
    """The lists in a file, in the order in which they first stand there. Raises: Refused."""
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise Refused(f"{path} has more than {_MOST_BYTES:,} bytes.", "Split it.")
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise Refused(f"{path} cannot be read: {error.strerror}.", "Check the name of the file.") from error
    except UnicodeDecodeError as error:
        raise Refused(f"{path} is not UTF-8.", "Save it as UTF-8.") from error
    rows = _READERS.get(path.suffix.lower(), _csv)(path, text)
    lists: dict[str, dict[str, None]] = {}
    for name, player in rows:
        lists.setdefault(name, {})[_id(path, player)] = None
    if not lists:
        raise Refused(f"{path} has no players in it.", _SHAPES)
    return [Exported(name, tuple(ids), path.name) for name, ids in lists.items()]


def _csv(path: Path, text: str) -> Rows:
    """Rows of a table with a header, or one id a line."""
    try:
        dialect: Any = csv.Sniffer().sniff(text[:65_536], ",;\t|")
    except csv.Error:
        dialect = csv.excel
    rows = (row for row in csv.reader(io.StringIO(text, newline=""), dialect) if any(cell.strip() for cell in row))
    first = next(rows, None)
    if first is None:
        return
    player, named = _columns(first)
    if player is None:
        if len(first) > 1:
            raise Refused(f"{path} has no column that names a player.", f"Call it one of: {', '.join(_PLAYER)}.")
        player, named = 0, None
        yield path.stem, first[0]
    for number, row in enumerate(rows, 2):
        if len(row) <= max(player, named or 0):
            raise Refused(f"Row {number} of {path} has {len(row)} columns, and its first row more.", _SHAPES)
        yield (path.stem if named is None else row[named]), row[player]


def _columns(header: list[str]) -> tuple[int | None, int | None]:
    names = [cell.strip().casefold().replace(" ", "_") for cell in header]

    def place(known: Iterable[str]) -> int | None:
        return next((names.index(name) for name in known if name in names), None)

    return place(_PLAYER), place(_LIST)


def _lines(path: Path, text: str) -> Rows:
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            try:
                yield from _row(path, json.loads(line))
            except ValueError as error:
                raise Refused(f"Line {number} of {path} is not JSON.", _SHAPES) from error


def _json(path: Path, text: str) -> Rows:
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Refused(f"{path} is not JSON.", _SHAPES) from error
    if isinstance(document, Mapping) and not _key(document, _PLAYERS):
        for name, players in document.items():
            if not isinstance(players, list):
                raise Refused(f"`{name}` in {path} is no list of players.", _SHAPES)
            yield from ((name, player) for player in players)
        return
    for one in document if isinstance(document, list) else [document]:
        yield from _row(path, one)


def _row(path: Path, one: Any) -> Rows:
    """An id, a row with an id, or a list with its players."""
    if not isinstance(one, Mapping):
        yield path.stem, one
        return
    name = one.get(_key(one, _LIST) or "", path.stem)
    if many := _key(one, _PLAYERS):
        players = one[many]
        yield from ((str(name), player) for player in (players if isinstance(players, list) else [players]))
    elif single := _key(one, _PLAYER):
        yield str(name), one[single]
    else:
        raise Refused(f"An entry of {path} names no player.", _SHAPES)


def _key(one: Mapping[str, Any], known: Iterable[str]) -> str | None:
    names = {str(key).casefold(): str(key) for key in one}
    return next((names[name] for name in known if name in names), None)


def _id(path: Path, player: Any) -> str:
    """A player's id as text; a row may hold it for an object, `{"player_id": "p_1"}`. Raises: Refused."""
    if isinstance(player, Mapping):
        key = _key(player, _PLAYER)
        player = None if key is None else player[key]
    if isinstance(player, bool) or not isinstance(player, str | int):
        raise Refused(f"{path} has something for a player that is no id.", _SHAPES)
    text = str(player).strip()
    if not text or len(text) > LONGEST_ID or not text.isprintable():
        raise Refused(f"{path} has an id that is empty, too long, or cannot be shown.", "Mend the export.")
    return text


_READERS: Mapping[str, Callable[[Path, str], Rows]] = {".json": _json, ".jsonl": _lines, ".ndjson": _lines}
