"""Side files of player ids: one a line, as text or as a CSV file of one column. Reads the disk."""

from __future__ import annotations

import hashlib
import os
import re
import unicodedata
from collections.abc import Sequence
from pathlib import Path

from segctl.base.source import ListSource, Unreadable
from segctl.files.regular import Refusal, read_regular

_HEADER = "player_id"
LONGEST_ID = 200
# A second column, or what nobody sees.
_foreign = re.compile(
    r"[,;\t\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff]"
).search
_ID_ASCII = bytes(set(range(0x20, 0x7F)) - set(b",;")) + b"\r\n"
_REASONS: dict[Refusal, str] = {
    "not regular": "is a link, a folder, a pipe or a device, not a plain file.",
    "too large": "is too large.",
    "unreadable": "does not exist, or cannot be read.",
}


def read_list(root: Path, name: str) -> ListSource | Unreadable:
    """The ids in a file below `root`; `name` has `/` between folders. Blank lines and repeats are dropped."""
    path = _below(root, name)
    data = read_regular(path) if path is not None else "not regular"
    if not isinstance(data, bytes):
        return Unreadable(f"`{name}` {_REASONS[data]}", ("Paths begin at the document's folder.",))
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        return Unreadable(f"Line {line} of `{name}` is not UTF-8.", ("Save the file as UTF-8.",))
    ids = _ids(name, text if text.isascii() else unicodedata.normalize("NFC", text))
    return ids if isinstance(ids, Unreadable) else ListSource(name, ids, hashlib.sha256(data).hexdigest())


def writable(ids: Sequence[str]) -> bool:
    """Would these ids be read back from the lines of a file? Else they must stand in the document."""
    joined = "\n".join(ids)
    whole = all(one and one == one.strip().strip('"') and len(one) <= LONGEST_ID for one in ids)
    return whole and _foreign(joined) is None and "\r" not in joined and joined.count("\n") == len(ids) - 1


def _below(root: Path, name: str) -> str | None:
    """The path, if no link on the way leads somewhere else."""
    top = os.path.realpath(root)
    path = os.path.join(top, *name.split("/"))  # noqa: PTH118 - strings all along
    return path if os.path.realpath(path) == path else None


def _ids(name: str, text: str) -> tuple[str, ...] | Unreadable:
    found = None if text.isascii() and not text.encode().translate(None, _ID_ASCII) else _foreign(text)
    if found is not None:
        return _foreign_character(name, text, found)
    lines = map(str.strip, text.replace("\r", "\n").split("\n"))
    ids = dict.fromkeys(map(_unquoted, lines) if '"' in text else lines)
    ids.pop("", None)
    if next(iter(ids), None) == _HEADER:
        del ids[_HEADER]
    if ids and max(map(len, ids)) > LONGEST_ID:
        return Unreadable(f"A line of `{name}` has more than {LONGEST_ID} characters.", ("Write one id a line.",))
    return tuple(ids)


def _unquoted(line: str) -> str:
    return line.removeprefix('"').removesuffix('"')


def _foreign_character(name: str, text: str, found: re.Match[str]) -> Unreadable:
    line = text.count("\n", 0, found.start()) + 1
    if found[0] in ",;\t":
        return Unreadable(f"Line {line} of `{name}` has more than one column.", ("Write one id a line.",))
    return Unreadable(
        f"Line {line} of `{name}` has invisible characters (U+{ord(found[0]):04X}).", ("Remove them.",)
    )
