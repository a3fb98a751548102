"""Generations of a folder of Parquet: each a whole picture, of which `current` names the one that readers see.

    current → generations/000000000413-9f3be1/
        segment_members/vip.parquet            a file for each segment
        segment_changes/2026-11-26.parquet     a file for each day, in UTC
        segment_published.json

A file that a pass leaves as it was is the same file in the next generation, by a second name.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Final
from uuid import uuid4

from segctl.publish.mirror import CHANGES, PUBLISHED

CURRENT: Final = "current"
ALL: Final = "generations"
# a file without rows in each folder, so that a pattern always finds one
EMPTY: Final = "_none"
SUFFIX: Final = ".parquet"
_DAY: Final = re.compile(r"\d{4}-\d\d-\d\d").fullmatch


def current(folder: Path) -> Path | None:
    """The generation that readers see."""
    link = folder / CURRENT
    return link.resolve() if link.is_symlink() else None


def begin(folder: Path, serial: int) -> Path:
    """A new generation, which nobody sees yet."""
    made = folder / ALL / f"{serial:012d}-{uuid4().hex[:6]}"
    made.mkdir(parents=True)
    return made


def keep(before: Path, after: Path) -> None:
    """Gives a file of the generation before its name in the next one; where that cannot be, a copy of it."""
    try:
        os.link(before, after)
    except OSError:
        shutil.copy2(before, after)


def show(folder: Path, made: Path) -> None:
    """From now on readers see this generation: in one step, and only when all of it is on the disk."""
    for inside in [made, *(path for path in made.rglob("*"))]:
        _sync(inside)
    _sync(made.parent)
    link = folder / f".{CURRENT}-{uuid4().hex[:6]}"
    link.symlink_to(made.relative_to(folder), target_is_directory=True)
    link.replace(folder / CURRENT)
    _sync(folder)


def sweep(folder: Path, staying: Iterable[Path]) -> None:
    """Removes all other generations, and what a pass that was killed left."""
    names = {path.name for path in staying}
    for path in folder.joinpath(ALL).glob("*"):
        if path.name not in names:
            shutil.rmtree(path, ignore_errors=True)
    for path in folder.glob(f".{CURRENT}-*"):
        with suppress(OSError):
            path.unlink()


def files(generation: Path | None, table: str) -> dict[str, Path]:
    """The files of a table by what they are for: a segment, or a day. Others are nobody's."""
    found = generation.joinpath(table).glob(f"*{SUFFIX}") if generation else ()
    named = {path.name.removesuffix(SUFFIX): path for path in sorted(found)}
    return {name: path for name, path in named.items() if name != EMPTY and (table != CHANGES or _DAY(name))}


def cursor_file(generation: Path) -> Path:
    """Where a generation says what it tells of."""
    return generation / f"{PUBLISHED}.json"


def _sync(path: Path) -> None:
    opened = os.open(path, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
