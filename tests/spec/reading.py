"""How tests read a project: the same way as segctl does, from a folder or from texts."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path

from segctl.base.diagnostic import Diagnostic, in_reading_order
from segctl.base.source import Source, Unreadable
from segctl.files.lists import read_list
from segctl.files.project import read_files
from segctl.files.shipped import schema
from segctl.spec.project import Project, read_project
from segctl.spec.settings import NO_GUARDS, read_settings

CATALOG = (Path(__file__).parent.parent / "cases" / "catalog.yaml").read_bytes()
SETTINGS = "name: x\ntimezone: Europe/Malta\nenvironments:\n  dev: {warehouse: a, state: b}\n"


def project(texts: Mapping[str, str | bytes], *, catalog: bytes = CATALOG) -> Project:
    """Documents by file name, beside the catalog that the cases share."""
    sources = [Source("segments/catalog.yaml", catalog)]
    sources += [
        Source(f"segments/{name}", text.encode() if isinstance(text, str) else text)
        for name, text in texts.items()
    ]
    return read_project(sources, lambda name: Unreadable(f"`{name}` does not exist."), schema)


def segment_text(rules: str, name: str = "s") -> str:
    return f"kind: Segment\nname: {name}\ntype: dynamic\nrules: {rules}\n"


def folder(case: Path, root: Path) -> None:
    """Makes a case folder into a project: its files below segments/, shared ones where it has none."""
    segments = root / "segments"
    shutil.copytree(case, segments, ignore=shutil.ignore_patterns("expected.txt", "*.txt"))
    settings = segments / "segctl.yaml"
    if settings.exists():
        settings.rename(root / "segctl.yaml")
    else:
        (root / "segctl.yaml").write_text(SETTINGS)
    if not (segments / "catalog.yaml").exists() and not (case / "no-catalog.txt").exists():
        (segments / "catalog.yaml").write_bytes(CATALOG)


def all_diagnostics(root: Path) -> list[Diagnostic]:
    """Everything that validating the folder finds; that the shared settings have no guard goes without saying."""
    files = read_files(root)
    found = [*files.diagnostics]
    guards = NO_GUARDS
    if files.settings is not None:
        told = read_settings(files.settings, schema("settings"))
        found, guards = [*found, *told.mistakes], told.guards
    found += read_project(files.sources, lambda name: read_list(root, name), schema, guards).diagnostics
    shared = (root / "segctl.yaml").read_text() == SETTINGS
    return in_reading_order(one for one in found if not (shared and one.code == "SEG403"))


def line(diagnostic: Diagnostic) -> str:
    span = diagnostic.span
    place = f"{span.file}:{span.line}:{span.column}-{span.end_line}:{span.end_column}"
    return " | ".join((f"{diagnostic.code} {place} {diagnostic.summary}", diagnostic.detail, *diagnostic.help))
