"""Plays a GitHub workflow on this machine: its `run` steps as they stand, by bash; what others' actions do, by hand."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

WORKFLOWS = Path(__file__).parents[2] / ".github" / "workflows"
# The tool that is tested is the one of this environment.
INSTALLS = "Install segctl"
_expression = re.compile(r"\$\{\{\s*(.*?)\s*\}\}")


def workflow(name: str) -> Mapping[str, Any]:
    """A workflow of this project; `on` is read as a text."""
    document: dict[Any, Any] = yaml.safe_load((WORKFLOWS / f"{name}.yml").read_text())
    document["on"] = document.pop(True)  # YAML 1.1 takes the key for a boolean
    return document


@dataclass(slots=True)
class Runner:
    """Runs jobs in folders below `root`. `known` says what each expression is; `artifacts` outlive their job."""

    root: Path
    repository: Path
    known: dict[str, str]
    environment: dict[str, str] = field(default_factory=dict)
    artifacts: dict[str, Path] = field(default_factory=dict)
    said: str = ""
    summary: str = ""

    def job(self, name: str, key: str) -> int:
        """Runs a job in an empty workspace; the exit code of the step that failed, or 0."""
        job = workflow(name)["jobs"][key]
        workspace = self.root / f"{name}-{key}-{len(list(self.root.iterdir()))}"
        workspace.mkdir()
        variables = {one: self.value(str(value)) for one, value in job.get("env", {}).items()}
        failed = 0
        for step in job["steps"]:
            if failed and "cancelled()" not in str(step.get("if", "")):
                continue
            code = self._step(step, workspace, variables)
            failed = failed or code
        return failed

    def value(self, text: str) -> str:
        """A text with its expressions evaluated. Raises: KeyError, for one that nothing is known of."""
        return _expression.sub(lambda found: self.known[found[1]], text)

    def _step(self, step: Mapping[str, Any], workspace: Path, variables: Mapping[str, str]) -> int:
        if "uses" in step:
            self._use(step["uses"].partition("@")[0], step.get("with", {}), workspace)
            return 0
        if step.get("name") == INSTALLS:
            return 0
        return self._run(step, workspace, variables)

    def _run(self, step: Mapping[str, Any], workspace: Path, variables: Mapping[str, str]) -> int:
        output, summary = workspace / ".output", workspace / ".summary"
        own = {one: self.value(str(value)) for one, value in step.get("env", {}).items()}
        files = {"GITHUB_OUTPUT": str(output), "GITHUB_STEP_SUMMARY": str(summary)}
        done = subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]],
            cwd=workspace / step.get("working-directory", "."),
            env={**_clean(), **self.environment, **variables, **own, **files},
            capture_output=True,
            text=True,
            check=False,
        )
        self.said += done.stdout + done.stderr
        for line in _lines(output):
            name, _, value = line.partition("=")
            self.known[f"steps.{step.get('id')}.outputs.{name}"] = value
        self.summary += "\n".join(_lines(summary))
        for file in (output, summary):
            file.unlink(missing_ok=True)
        return done.returncode

    def _use(self, action: str, options: Mapping[str, Any], workspace: Path) -> None:
        match action:
            case "actions/checkout":
                ref = self.value(str(options.get("ref", self.known["github.sha"])))
                self._check_out(ref, workspace / options.get("path", "."))
            case "actions/setup-python":
                pass
            case "actions/upload-artifact":
                file = workspace / options["path"]
                if file.exists():
                    self.artifacts[options["name"]] = shutil.copy(file, self.root / f"{options['name']}.artifact")
            case "actions/download-artifact":
                shutil.copy(self.artifacts[options["name"]], workspace / f"{options['name']}.json")
            case _:
                raise AssertionError(action)

    def _check_out(self, ref: str, folder: Path) -> None:
        folder.mkdir(exist_ok=True)
        for words in (
            ("init", "-q"),
            ("fetch", "-q", str(self.repository), "+refs/heads/*:refs/remotes/origin/*"),
            ("checkout", "-q", "--detach", ref),
        ):
            subprocess.run(["git", *words], cwd=folder, check=True, capture_output=True)


def runs(name: str) -> Iterator[tuple[str, str]]:
    """Every `run` of a workflow with its job."""
    for key, job in workflow(name)["jobs"].items():
        yield from ((key, step["run"]) for step in job["steps"] if "run" in step)


def labels(*names: str) -> str:
    """What `toJSON` gives of labels."""
    return json.dumps(list(names), indent=2)


def _clean() -> dict[str, str]:
    kept = {name: os.environ[name] for name in ("HOME", "LANG", "TMPDIR", "LD_LIBRARY_PATH") if name in os.environ}
    return {**kept, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}", "CI": "true"}


def _lines(file: Path) -> list[str]:
    return file.read_text().splitlines() if file.exists() else []
