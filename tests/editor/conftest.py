"""An editor with a new project open, and yaml-language-server behind it."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from segctl.files.scaffold import scaffold
from segctl.workflow.demo import demo_project
from tests.support.editor import Editor

SERVER = "yaml-language-server"
VERSION = "1.25.0"


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The server's script, installed once for the run."""
    npm = shutil.which("npm")
    if npm is None:
        pytest.skip("npm is missing, and with it yaml-language-server")
    folder: Path = tmp_path_factory.mktemp("npm")
    command = [npm, "install", "--no-audit", "--no-fund", "--silent", f"{SERVER}@{VERSION}"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder / "node_modules" / SERVER / "bin" / SERVER


@pytest.fixture(scope="session")
def editor(server: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Editor]:
    """The shipped library open in an editor, with the settings that `segctl init` writes and with no others."""
    start = tmp_path_factory.mktemp("editor")
    root = demo_project(start).root
    settings = json.loads(scaffold(name="x")[".vscode/settings.json"])
    with Editor(server, root, settings["yaml.schemas"]) as editor:
        yield editor
