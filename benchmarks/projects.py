"""Generated segments as project folders: one file a segment, the shipped catalog, and git, as in real life."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import yaml

from benchmarks.rules import segments

HERE = Path(__file__).resolve().parent.parent
_DEMO = "duckdb:///.segctl/demo.duckdb"
_WIDTH = 115
ASKED_BY_GUARD = Path("segments", "safety", "harm-signals.yaml")
AS_OF = "2026-11-01T00:00:00Z"


def warehouse(work: Path, players: int) -> Path:
    """A demo warehouse as of `AS_OF` in the work folder; one that is there is used again."""
    path = work / f"demo-{players}.duckdb"
    if not path.exists():
        work.mkdir(parents=True, exist_ok=True)
        subprocess.run(
            [sys.executable, "-m", "benchmarks.warehouse", str(path), str(players)], cwd=HERE, check=True
        )
    return path


def project(folder: Path, count: int, facts: Path) -> Path:
    """A git repository with `count` segments, one of them the guard's, over the warehouse `facts`, written anew.

    Nothing is deployed.
    """
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "segments").mkdir(parents=True)
    settings = (HERE / "segctl.yaml").read_text(encoding="utf-8")
    (folder / "segctl.yaml").write_text(settings.replace(_DEMO, f"duckdb:///{facts}"), encoding="utf-8")
    (folder / ".gitignore").write_text(".segctl/\n", encoding="utf-8")
    shutil.copy(HERE / "segments" / "catalog.yaml", folder / "segments")
    (folder / ASKED_BY_GUARD.parent).mkdir()
    shutil.copy(HERE / ASKED_BY_GUARD, folder / ASKED_BY_GUARD)
    write(folder, segments(count - 1))
    git(folder, "init", "--quiet")
    git(folder, "config", "user.name", "Bench")
    git(folder, "config", "user.email", "bench@example.com")
    git(folder, "add", ".")
    git(folder, "-c", "commit.gpgsign=false", "commit", "--quiet", "-m", "Segments")
    return folder


def write(folder: Path, documents: Iterable[dict[str, Any]]) -> None:
    """Each document as a file of its own, in a folder by its theme."""
    for document in documents:
        name = str(document["name"])
        path = folder / "segments" / name.partition("-")[0] / f"{name}.yaml"
        path.parent.mkdir(exist_ok=True)
        path.write_text(text(document), encoding="utf-8")


class _Dumper(yaml.SafeDumper):
    """Writes equal values out again: segctl refuses aliases."""

    def ignore_aliases(self, _data: Any) -> bool:
        return True


def text(document: dict[str, Any]) -> str:
    """A document as an author would lay it out: layers in blocks, conditions on a line."""
    return yaml.dump(document, Dumper=_Dumper, sort_keys=False, default_flow_style=None, width=_WIDTH)


def forget_state(folder: Path) -> None:
    """As if nothing had been deployed from this folder yet."""
    shutil.rmtree(folder / ".segctl", ignore_errors=True)


def git(folder: Path, *arguments: str) -> Sequence[str]:
    done = subprocess.run(["git", *arguments], cwd=folder, check=True, capture_output=True, text=True)
    return done.stdout.splitlines()
