"""What editors are given: the JSON Schema of a project's documents, made from its catalog and kept in git."""

from __future__ import annotations

import json
from collections.abc import Mapping

from segctl.base.errors import Mistakes, Refused
from segctl.base.source import Source, Unreadable
from segctl.files.shipped import schema
from segctl.model.catalog import Catalog
from segctl.spec.editor.schema import Declared, editor_schema, schema_text, without_names
from segctl.spec.project import Project, read_project
from segctl.workflow.load import Loaded

FILE = "schemas/segments.schema.json"


def project_schema(loaded: Loaded, kind: str | None = None) -> str:
    """The schema of a project's documents, or of one kind of them. Raises: Mistakes, if the catalog has any."""
    catalog = loaded.project.catalog
    if catalog is None:
        raise Mistakes(loaded.diagnostics, loaded.texts, len(loaded.sources))
    return _text(catalog, loaded.project, kind)


def schema_of_files(files: Mapping[str, str]) -> str:
    """The schema of documents that are not on disk yet, by their names; they have no mistakes."""
    sources = [Source(name, text.encode()) for name, text in files.items() if name.startswith("segments/")]
    project = read_project(sources, lambda name: Unreadable(f"`{name}` is not there yet."), schema)
    if project.catalog is None:
        message = "the catalog that a project begins with has mistakes"
        raise ValueError(message)
    return _text(project.catalog, project, None)


def check_schema(loaded: Loaded) -> None:
    """Nothing, if the file in the project marks what the schema of now would mark. Raises: Refused.

    The names that it offers are not looked at: one more segment does not make it wrong.
    """
    made = project_schema(loaded)
    path = loaded.root / FILE
    if not path.is_file():
        raise Refused(f"{FILE} does not exist.", "Make it: segctl schema -o " + FILE)
    if without_names(path.read_text(encoding="utf-8", errors="replace")) != without_names(made):
        raise Refused(
            f"{FILE} is not what the catalog says now: editors would mark and complete what was true before.",
            f"Make it again: segctl schema -o {FILE}",
        )


def settings_schema() -> str:
    """The schema of segctl.yaml, which is the same for every project."""
    return schema("settings")


def _text(catalog: Catalog, project: Project, kind: str | None) -> str:
    declared = Declared(project.segments, project.rules, project.lists)
    shipped = {name: json.loads(schema(name)) for name in ("catalog", "segment")}
    return schema_text(editor_schema(catalog, declared, shipped, kind))
