"""What people install is the wheel: everything is in it, and it works in an empty folder, without a checkout."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PLAYERS = 200
# from the folder at the root to the folder in the wheel
SHIPPED = {
    "schemas": "segctl/schemas",
    "docs/codes": "segctl/docs/codes",
    "segments": "segctl/library/segments",
    "segctl/files/scaffold": "segctl/files/scaffold",
}


class Shell:
    """Commands of one folder, with nothing of the test run's own Python in their environment."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        mine = ("VIRTUAL_ENV", "PYTHONPATH", "PYTHONHOME", "SEGCTL_ENV")
        self.env = {name: value for name, value in os.environ.items() if name not in mine}

    def ask(self, *command: str | Path, **env: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [str(part) for part in command],
            cwd=self.folder,
            env=self.env | env,
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
            timeout=300,
        )

    def uv(self, *arguments: str | Path, **env: str) -> None:
        """Runs uv: from its cache, which `uv sync` has filled, and from the index only if that is not enough."""
        uv = os.environ.get("UV") or shutil.which("uv")
        assert uv, "uv is needed: run the tests with `uv run pytest`"
        done = self.ask(uv, *arguments, "--offline", **env)
        if done.returncode:
            done = self.ask(uv, *arguments, **env)
        assert done.returncode == 0, done.stderr


def built(folder: Path) -> Path:
    Shell(ROOT).uv("build", "--wheel", "--out-dir", folder, ROOT)
    (wheel,) = folder.glob("*.whl")
    return wheel


def files(folder: str) -> set[str]:
    return {
        path.relative_to(ROOT / folder).as_posix()
        for path in (ROOT / folder).rglob("*")
        if path.is_file() and not path.name.startswith(".")
    }


def test_everything_that_segctl_reads_is_in_the_wheel(tmp_path: Path) -> None:
    with zipfile.ZipFile(built(tmp_path)) as wheel:
        names = set(wheel.namelist())

    for folder, inside in SHIPPED.items():
        assert {f"{inside}/{file}" for file in files(folder)} <= names
    assert {"segctl/library/segctl.yaml", "segctl/py.typed"} <= names
    assert not any(name.startswith(("tests/", "benchmarks/")) for name in names)


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    """An empty folder, and a segctl that was installed from the wheel with the locked dependencies and no others."""
    wheel, venv = built(tmp_path / "dist"), tmp_path / "venv"
    dependencies = ("sync", "--frozen", "--no-dev", "--no-install-project", "--python", sys.executable)
    Shell(ROOT).uv(*dependencies, UV_PROJECT_ENVIRONMENT=str(venv))
    python = venv / ("Scripts" if os.name == "nt" else "bin") / "python"
    empty = tmp_path / "empty"
    empty.mkdir()
    shell = Shell(empty)
    shell.uv("pip", "install", "--no-deps", "--python", python, wheel)
    shell.env["PATH"] = f"{python.parent}{os.pathsep}{shell.env['PATH']}"
    return shell


def test_an_installed_segctl_works_in_an_empty_folder(shell: Shell) -> None:
    version = shell.ask("segctl", "--version")
    assert (version.returncode, version.stdout) == (0, f"segctl {_version()}\n")

    lost = shell.ask("segctl", "validate")
    assert lost.returncode == 1
    assert "segctl init" in lost.stderr

    page = shell.ask("segctl", "docs", "SEG101")
    assert page.returncode == 0
    assert page.stdout.startswith("# SEG101: Unknown field")

    assert shell.ask("segctl", "init", "proj").returncode == 0
    clean = shell.ask("segctl", "validate", "--chdir", "proj")
    assert clean.returncode == 0, clean.stdout + clean.stderr

    demo = shell.ask("segctl", "demo", "--players", str(PLAYERS))
    assert demo.returncode == 0, demo.stdout + demo.stderr
    assert (shell.folder / "segctl-demo" / "segments" / "catalog.yaml").is_file()
    assert "segments." in demo.stdout

    again = shell.ask("segctl", "plan", "--detailed-exitcode", "--chdir", "segctl-demo")
    assert again.returncode == 0, again.stdout + again.stderr


def _version() -> str:
    return next(
        line.partition('"')[2].rstrip('"')
        for line in (ROOT / "pyproject.toml").read_text().splitlines()
        if line.startswith("version = ")
    )
