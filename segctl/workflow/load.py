"""Reads a project from disk: settings, documents, side files, and every mistake in them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

from segctl.base.diagnostic import Diagnostic, in_reading_order
from segctl.base.errors import Refused
from segctl.base.source import Source
from segctl.files.lists import read_list
from segctl.files.project import SETTINGS, find_root, read_files
from segctl.files.shipped import schema
from segctl.model.settings import Settings
from segctl.spec.masked import masked, personal_names
from segctl.spec.project import Project, read_project
from segctl.spec.recall import Memory
from segctl.spec.settings import SettingsRead, read_settings


@dataclass(frozen=True, slots=True)
class Loaded:
    """A project as its files say it. `settings` is None when segctl.yaml has mistakes."""

    root: Path
    settings: Settings | None
    project: Project
    diagnostics: tuple[Diagnostic, ...]
    sources: tuple[Source, ...]
    memory: Memory | None = None

    @property
    def failed(self) -> bool:
        """Is there an error among the diagnostics? Warnings stop nothing."""
        return any(one.severity == "error" for one in self.diagnostics)

    def texts(self, files: Collection[str]) -> Mapping[str, str]:
        """The texts of some files, for showing lines of them: without personal values and player ids."""
        personal = personal_names(self.sources)
        return {source.file: masked(source, personal) for source in self.sources if source.file in files}


def root_of(start: Path) -> Path:
    """The project's folder at or above `start`. Raises: Refused."""
    root = find_root(start)
    if root is None:
        raise Refused(
            f"There is no {SETTINGS} in {start} or above it.",
            "Go to your project's folder, or start one here: segctl init",
        )
    return root


def load(root: Path, *, tests: bool = False, memory: Memory | None = None) -> Loaded:
    """The whole project below `root`, its segment tests if they are asked for, unchanged files from memory."""
    files = read_files(root)
    told = SettingsRead(None, ()) if files.settings is None else read_settings(files.settings, schema("settings"))
    project = read_project(
        files.sources, lambda name: read_list(root, name), schema, told.guards, tests=tests, memory=memory
    )
    return Loaded(
        root=root,
        settings=told.settings,
        project=project,
        diagnostics=tuple(in_reading_order([*files.diagnostics, *told.mistakes, *project.diagnostics])),
        sources=(*([files.settings] if files.settings else []), *files.sources),
        memory=memory,
    )
