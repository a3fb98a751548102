"""Brings document files into their one form, or tells which are not in it."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from segctl.base.diagnostic import Diagnostic
from segctl.base.errors import Refused
from segctl.base.source import MAX_FILE_BYTES, Source
from segctl.files.atomic import replacing
from segctl.files.project import read_files
from segctl.files.regular import read_regular
from segctl.spec.form.formatted import Changed, formatted
from segctl.spec.masked import masked, personal_names
from segctl.spec.page import Page

Form = Callable[[Page, bytes], str | None]
_SUFFIXES = (".yaml", ".yml")


@dataclass(frozen=True, slots=True)
class Reformed:
    """A file whose form is not the one it should have: its text as it is, and as it should be."""

    file: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Forms:
    """What was looked at. Files of `left` have mistakes; those of `bugs` would say something else. Both stay."""

    sources: tuple[Source, ...]
    reformed: tuple[Reformed, ...]
    left: tuple[Diagnostic, ...]
    bugs: tuple[str, ...]

    def texts(self, files: Collection[str], root: Path | None) -> Mapping[str, str]:
        """The texts of some files, for showing lines of them: without personal values and player ids.

        Which fields are personal, the catalog of the project at `root` says as well.
        """
        beside = project_sources(root)[0] if root is not None else ()
        personal = personal_names([*self.sources, *beside])
        return {source.file: masked(source, personal) for source in self.sources if source.file in files}


def project_sources(root: Path) -> tuple[tuple[Source, ...], tuple[Diagnostic, ...]]:
    """segctl.yaml and every document of a project, and what cannot be read."""
    files = read_files(root)
    settings = [files.settings] if files.settings is not None else []
    return (*settings, *files.sources), files.diagnostics


def named_sources(folder: Path, names: Sequence[Path]) -> tuple[Source, ...]:
    """The files of these names below a folder; of a folder all documents in it. Raises: Refused."""
    found = [file for name in names for file in _files(folder, name)]
    return tuple(_source(folder, file) for file in dict.fromkeys(found))


def forms(sources: Sequence[Source], form: Form = formatted) -> Forms:
    """The form of each file, without writing any."""
    reformed: list[Reformed] = []
    left: list[Diagnostic] = []
    bugs: list[str] = []
    for source in sources:
        page = Page(source.file)
        try:
            after = form(page, source.data)
        except Changed:
            bugs.append(source.file)
            continue
        left += page.mistakes
        if after is not None and after.encode() != source.data:
            reformed.append(Reformed(source.file, source.data.decode(), after))
    return Forms(tuple(sources), tuple(reformed), tuple(left), tuple(bugs))


def write_forms(folder: Path, reformed: Sequence[Reformed]) -> None:
    """Writes each file whole, with the permissions that it had. Raises: Refused."""
    for one in reformed:
        path = folder / one.file
        with replacing(path) as part:
            part.write_text(one.after, encoding="utf-8", newline="")
            shutil.copymode(path, part)


def _files(folder: Path, name: Path) -> list[str]:
    path = folder / name
    if not path.is_dir():
        return [str(name)]
    below = (file for file in sorted(path.rglob("*")) if file.suffix in _SUFFIXES)
    return [str(file.relative_to(folder)) for file in below if not _hidden(file, path)]


def _hidden(file: Path, folder: Path) -> bool:
    return any(part.startswith(".") for part in file.relative_to(folder).parts)


def _source(folder: Path, name: str) -> Source:
    data = read_regular(str(folder / name), most=MAX_FILE_BYTES)
    match data:
        case bytes():
            return Source(name, data)
        case "not regular":
            reason = "is a link, a pipe or a device, not a plain file."
        case "too large":
            reason = f"has more than {MAX_FILE_BYTES:,} bytes."
        case "unreadable":
            reason = "does not exist, or cannot be read."
    raise Refused(f"{name} {reason} Nothing was written.", "Every document of the project: segctl fmt")
