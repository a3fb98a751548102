"""Lint: what is valid and probably not meant, and the mending of it. Reads the project's files, no database."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from segctl.base.diagnostic import Diagnostic, in_reading_order
from segctl.base.errors import Mistakes, Refused
from segctl.base.source import MAX_FILE_BYTES, Source
from segctl.files.lists import read_list
from segctl.files.project import SETTINGS
from segctl.files.regular import read_regular
from segctl.files.shipped import schema
from segctl.lint.checks.unused import number_unused
from segctl.lint.fix import FIXABLE, mendings
from segctl.lint.ground import Ground, ground
from segctl.lint.run import LINT_CODES, NOTES, linted
from segctl.lint.same import differing
from segctl.model.time import Clock
from segctl.spec.project import read_project
from segctl.spec.settings import read_settings
from segctl.workflow.form import Reformed, write_forms
from segctl.workflow.load import Loaded

_MOST_STEPS = 200


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be told: `only` these codes (all, if none), not those of `without`; `files`, if any are named."""

    only: frozenset[str] = frozenset()
    without: frozenset[str] = frozenset()
    files: frozenset[str] = frozenset()
    notes: bool = False

    def tells(self, one: Diagnostic) -> bool:
        """Is this one of them?"""
        named = not self.only or one.code in self.only
        return named and one.code not in self.without and (not self.files or one.span.file in self.files)

    @property
    def noted(self) -> frozenset[str]:
        """The codes of notes that are asked for."""
        return frozenset(NOTES) if self.notes else self.only & NOTES.keys()


@dataclass(frozen=True, slots=True)
class Linted:
    """What was found, how many fields of the catalog no rule uses, and of how many."""

    diagnostics: tuple[Diagnostic, ...]
    unused_fields: int
    fields: int


@dataclass(frozen=True, slots=True)
class Mended:
    """A project after mending: the new texts of the files that changed, and what is left to tell."""

    loaded: Loaded
    changed: Mapping[str, str]
    linted: Linted


def lint(loaded: Loaded, now: datetime, wanted: Wanted) -> Linted:
    """Looks through a project. Raises: Mistakes, where it has errors."""
    base = _ground(loaded, now)
    told = tuple(one for one in linted(base, wanted.noted) if wanted.tells(one))
    return Linted(told, *number_unused(base))


def mend(loaded: Loaded, now: datetime, wanted: Wanted) -> Mended:
    """Mends what can be mended, step by step; each step is read again and must mean what the files meant before.

    Writes nothing. Raises: Mistakes.
    """
    original, current = _ground(loaded, now), loaded
    blocked: set[str] = set()
    found = lint(loaded, now, wanted)
    for _ in range(_MOST_STEPS):
        steps = _steps(current, found.diagnostics, blocked)
        if not steps:
            break
        current, failed = _kept(current, steps, lambda after: _ground(after, now), original)
        blocked |= failed
        found = lint(current, now, wanted)
    before = _texts(loaded)
    changed = {file: text for file, text in _texts(current).items() if text != before[file]}
    return Mended(current, changed, found)


def write(mended: Mended, before: Loaded) -> None:
    """Writes the files that changed, each whole or not at all. Raises: Refused, if one is not what was read."""
    data = {source.file: source.data for source in before.sources}
    for file in mended.changed:
        if read_regular(str(before.root / file), most=MAX_FILE_BYTES) != data[file]:
            raise Refused(f"{file} has changed since it was read. Nothing was written.", "segctl lint --fix")
    old = _texts(before)
    write_forms(before.root, [Reformed(file, old[file], text) for file, text in mended.changed.items()])


def _ground(loaded: Loaded, now: datetime) -> Ground:
    catalog, settings = loaded.project.catalog, loaded.settings
    if loaded.failed or catalog is None or settings is None:
        raise Mistakes(loaded.diagnostics, loaded.texts, len(loaded.sources))
    return ground(loaded.project, catalog, Clock(now, ZoneInfo(settings.timezone)), _texts(loaded))


def _texts(loaded: Loaded) -> dict[str, str]:
    """The files as they are; what is shown of them goes through `Loaded.texts`, without what is personal."""
    return {source.file: source.data.decode("utf-8", "replace") for source in loaded.sources}


def _steps(loaded: Loaded, diagnostics: tuple[Diagnostic, ...], blocked: set[str]) -> dict[str, list[str]]:
    """The next texts that each file may have in which something can be mended."""
    texts = _texts(loaded)
    by_file: dict[str, list[Diagnostic]] = {}
    for one in diagnostics:
        if one.code in FIXABLE and one.span.file not in blocked:
            by_file.setdefault(one.span.file, []).append(one)
    steps = {file: list(mendings(texts[file], found)) for file, found in by_file.items()}
    return {file: several for file, several in steps.items() if several}


def _kept(
    loaded: Loaded, steps: Mapping[str, list[str]], grounded: Callable[[Loaded], Ground], original: Ground
) -> tuple[Loaded, set[str]]:
    """The project with those new texts that mean the same, and the files of which that is certain of none."""
    together = _with(loaded, {file: several[0] for file, several in steps.items()})
    if _faithful(together, grounded, original):
        return together, set()
    failed: set[str] = set()
    for file, several in steps.items():
        each = (_with(loaded, {file: text}) for text in several)
        found = next((one for one in each if _faithful(one, grounded, original)), None)
        if found is None:
            failed.add(file)
        else:
            loaded = found
    return loaded, failed


def _faithful(loaded: Loaded, grounded: Callable[[Loaded], Ground], original: Ground) -> bool:
    return not loaded.failed and next(differing(original, grounded(loaded)), None) is None


def _with(loaded: Loaded, texts: Mapping[str, str]) -> Loaded:
    sources = [
        replace(source, data=texts[source.file].encode()) if source.file in texts else source
        for source in loaded.sources
    ]
    return _read(loaded.root, sources)


def _read(root: Path, sources: Sequence[Source]) -> Loaded:
    """A project whose files have these texts, wherever they come from."""
    settings = next(source for source in sources if source.file == SETTINGS)
    others = [source for source in sources if source is not settings]
    told = read_settings(settings, schema("settings"))
    project = read_project(others, lambda name: read_list(root, name), schema, told.guards, tests=False)
    found = tuple(in_reading_order([*told.mistakes, *project.diagnostics]))
    return Loaded(root, told.settings, project, found, tuple(sources))


def file_names(loaded: Loaded, paths: Iterable[Path]) -> frozenset[str]:
    """The documents at these paths, or below them. Raises: Refused for a path without any."""
    top = loaded.root.resolve()
    found: set[str] = set()
    for path in paths:
        real = path.resolve()
        here = {source.file for source in loaded.sources if (top / source.file).is_relative_to(real)}
        if not here:
            raise Refused(f"{path} is no document of this project.", "All files: segctl lint")
        found |= here
    return frozenset(found)


def known_codes(names: Iterable[str]) -> frozenset[str]:
    """Codes of lint. Raises: Refused for another one."""
    found = frozenset(name.upper() for name in names)
    for name in sorted(found - LINT_CODES):
        raise Refused(f"{name} is not a code of segctl lint.", "All codes: segctl docs")
    return found
