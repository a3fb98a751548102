"""The folder of a project: where it begins, and the document files in it."""

from __future__ import annotations

import os
import unicodedata
from dataclasses import dataclass
from pathlib import Path

from segctl.base.diagnostic import Diagnostic
from segctl.base.source import MAX_FILE_BYTES, Source
from segctl.base.span import Span
from segctl.files.regular import Refusal, read_regular

SETTINGS = "segctl.yaml"
SEGMENTS = "segments"
_SUFFIXES = (".yaml", ".yml")
_CODES: dict[Refusal, tuple[str, str]] = {
    "not regular": (
        "SEG007",
        "It is a link, a pipe or a device; segctl reads plain files below the project's folder.",
    ),
    "too large": ("SEG006", f"It has more than {MAX_FILE_BYTES:,} bytes."),
    "unreadable": ("SEG013", "The operating system does not let segctl read it."),
}
_LINKED = "It is a link to a folder; segctl does not follow it."


@dataclass(frozen=True, slots=True)
class ProjectFiles:
    """The settings file (None if it cannot be read), the documents sorted by name, and what was refused."""

    settings: Source | None
    sources: tuple[Source, ...]
    diagnostics: tuple[Diagnostic, ...]


def find_root(start: Path) -> Path | None:
    """The nearest folder at or above `start` that holds segctl.yaml."""
    absolute = start.absolute()
    for folder in (absolute, *absolute.parents):
        if (folder / SETTINGS).is_file():
            return folder
    return None


def read_files(root: Path) -> ProjectFiles:
    """Reads segctl.yaml and every document below segments/. Names that begin with a dot are left alone."""
    mistakes: list[Diagnostic] = []
    settings = _source(str(root), SETTINGS, mistakes)
    sources: list[Source] = []
    folders: list[str] = []
    if (root / SEGMENTS).is_symlink():
        mistakes.append(_refused("SEG007", SEGMENTS, _LINKED))
    elif (root / SEGMENTS).is_dir():
        folders.append(SEGMENTS)
    while folders:
        folder = folders.pop()
        for name in _documents(str(root), folder, folders, mistakes):
            source = _source(str(root), name, mistakes)
            if source is not None:
                sources.append(source)
    sources.sort(key=lambda source: source.file)
    return ProjectFiles(settings, tuple(sources), tuple(mistakes))


def _documents(root: str, folder: str, folders: list[str], mistakes: list[Diagnostic]) -> list[str]:
    """The names of the documents in one folder; the folders below it are added to `folders`."""
    try:
        with os.scandir(f"{root}/{folder}") as scan:
            entries = sorted((entry for entry in scan if entry.name[0] != "."), key=lambda entry: entry.name)
    except OSError:
        mistakes.append(_refused("SEG013", folder, "The operating system does not let segctl look into it."))
        return []
    seen: dict[str, str] = {}
    names: list[str] = []
    for entry in entries:
        name = f"{folder}/{entry.name}"
        document = entry.name.endswith(_SUFFIXES)
        if not entry.name.isprintable():
            shown = ascii(name)[1:-1]
            mistakes.append(_refused("SEG009", shown, "Its name has characters that cannot be shown."))
        elif _clashes(seen, entry.name, name, mistakes):
            continue
        elif entry.is_dir():
            _descend(entry, name, folders, mistakes)
        elif document:
            names.append(name)
    return names


def _descend(entry: os.DirEntry[str], name: str, folders: list[str], mistakes: list[Diagnostic]) -> None:
    if entry.is_symlink():
        mistakes.append(_refused("SEG007", name, _LINKED))
    elif name.endswith(_SUFFIXES):
        mistakes.append(_refused("SEG007", name, "It is a folder with the name of a document."))
    else:
        folders.append(name)


def _clashes(seen: dict[str, str], entry: str, name: str, mistakes: list[Diagnostic]) -> bool:
    """Would this name and an earlier one be the same on a system that ignores case?"""
    folded = entry.casefold() if entry.isascii() else unicodedata.normalize("NFC", entry).casefold()
    first = seen.setdefault(folded, name)
    if first is name:
        return False
    detail = f"`{first}` and `{name}` are one file on macOS and Windows."
    mistakes.append(_refused("SEG008", name, detail, "Rename one of them."))
    return True


def _source(root: str, name: str, mistakes: list[Diagnostic]) -> Source | None:
    data = read_regular(f"{root}/{name}", most=MAX_FILE_BYTES)
    if isinstance(data, bytes):
        return Source(name, data)
    code, detail = _CODES[data]
    mistakes.append(_refused(code, name, detail))
    return None


def _refused(code: str, name: str, detail: str, *help_lines: str) -> Diagnostic:
    return Diagnostic(code, Span(name, 1, 1, 1, 2), detail, help_lines)
