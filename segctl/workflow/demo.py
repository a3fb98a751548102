"""The demo: a made-up casino's warehouse, and a project of segments to try on it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from segctl.demo.warehouse import Progress, write_warehouse
from segctl.files.atomic import write_text
from segctl.files.library import copy_library
from segctl.files.project import find_root
from segctl.workflow.editor import FILE, project_schema
from segctl.workflow.load import Loaded, load

FOLDER = "segctl-demo"
WAREHOUSE = ".segctl/demo.duckdb"


def demo_project(start: Path) -> Loaded:
    """The project at or above `start` if it reads the demo warehouse, else a copy of the shipped library.

    So nobody's own warehouse is ever written. Raises: Refused.
    """
    root = find_root(start)
    found = None if root is None else load(root)
    if found is not None and _reads_demo(found):
        return found
    copied = load(copy_library(start / FOLDER))
    if not (copied.root / FILE).exists():
        write_text(copied.root / FILE, project_schema(copied))
    return copied


def _reads_demo(found: Loaded) -> bool:
    environments = list(found.settings.environments.values()) if found.settings else []
    return bool(environments) and environments[0].warehouse == f"duckdb:///{WAREHOUSE}"


def make_warehouse(
    root: Path, *, players: int, seed: int, as_of: datetime, progress: Callable[[Progress], None]
) -> Path:
    """Writes the demo warehouse of a project; an older one is replaced when the new one is complete."""
    path = root / WAREHOUSE
    path.parent.mkdir(parents=True, exist_ok=True)
    write_warehouse(path, players=players, seed=seed, as_of=as_of, progress=progress)
    return path
