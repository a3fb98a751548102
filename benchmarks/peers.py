"""The command line of segctl beside that of terraform, sqlmesh and dbt, on a project of a thousand things each.

The things are not the same (segments, `terraform_data`, models that are views), and neither is the work: terraform
and sqlmesh plan, dbt lists what differs. What is compared is how long somebody waits who has a thousand files and
changed none of them, or one. Tools are taken from PATH, or, if they are Python packages, installed below the work
folder.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.process import SEGCTL, Measured, process, repeated
from benchmarks.projects import AS_OF, forget_state, project, warehouse, write
from benchmarks.rules import segments
from benchmarks.table import shown, table

MANY, PLAYERS = 1_000, 20_000
STEPS = ("`--help`", "validate", "plan, nothing changed", "plan, one changed", "apply, all new")
_PACKAGES = {"sqlmesh": ("sqlmesh",), "dbt": ("dbt-core<1.12", "dbt-duckdb")}
_AT = ("--as-of", AS_OF)


@dataclass(frozen=True, slots=True)
class Peer:
    """A tool: what it is, its folder, its commands by step, and what puts a folder into the state before one.

    A step that it has not is left out.
    """

    what: str
    folder: Path
    commands: dict[str, Sequence[str]]
    change: Callable[[], object]
    anew: Callable[[], object]
    environment: dict[str, str] = field(default_factory=dict)


def peers(work: Path, runs: int) -> str:
    """The table, and below it what was not there."""
    made = {
        "segctl": _segctl(work),
        **{name: make(work, where) for name, make in _MAKERS.items() if (where := _found(name, work))},
    }
    found = {name: _measured(peer, runs) for name, peer in made.items()}
    heads = ["what", *(f"{name} ({made[name].what})" for name in found)]
    lines = [[step, *(_shown(one.get(step)) for one in found.values())] for step in STEPS]
    missing = [name for name in _MAKERS if name not in made]
    told = f"\nNot installed here, and so not measured: {', '.join(missing)}.\n" if missing else ""
    return table(f"Beside others: {MANY:,} things, whole commands", heads, lines) + told


def _shown(found: Measured | None) -> str:
    return "" if found is None else f"{shown(found.seconds, 's')} (CPU {shown(found.cpu, 's')})"


def _measured(peer: Peer, runs: int) -> dict[str, Measured]:
    """Each step in turn; what is applied stays for the plans after it."""
    os.environ.update(peer.environment)
    found: dict[str, Measured] = {}
    peer.anew()
    for step in ("`--help`", "validate", "apply, all new", "plan, nothing changed", "plan, one changed"):
        if step in peer.commands:
            if step == "plan, one changed":
                peer.change()
            once = step == "apply, all new"  # it takes minutes with some
            command = peer.commands[step]
            found[step] = process(command, peer.folder) if once else repeated(command, runs, folder=peer.folder)
    return found


def _found(name: str, work: Path) -> str | None:
    """The tool, from PATH or installed below the work folder; None if it is neither there nor to be had."""
    if name not in _PACKAGES:
        return shutil.which(name)
    home = work / "peers" / name
    tool = home / "bin" / name
    if not tool.exists():
        home.parent.mkdir(parents=True, exist_ok=True)
        install = ["uv", "pip", "install", "--quiet", "--python", str(home / "bin/python"), *_PACKAGES[name]]
        make = ["uv", "venv", "--quiet", str(home)]
        if any(subprocess.run(one, check=False).returncode for one in (make, install)):
            return None
    return str(tool) if tool.exists() else None


def _segctl(work: Path) -> Peer:
    folder = project(work / "peers-segctl", MANY, warehouse(work, PLAYERS))
    return Peer(
        "segments",
        folder,
        {
            "`--help`": [SEGCTL, "--help"],
            "validate": [SEGCTL, "validate"],
            "apply, all new": [SEGCTL, "apply", "--auto-approve", *_AT],
            "plan, nothing changed": [SEGCTL, "plan", *_AT],
            "plan, one changed": [SEGCTL, "plan", *_AT],
        },
        change=lambda: _narrow_one(folder),
        anew=lambda: forget_state(folder),
    )


def _narrow_one(folder: Path) -> None:
    document = next(one for one in segments(MANY) if one["name"].startswith("activity-"))
    document["rules"]["all"].append({"total_withdrawal_count": {"gte": 1}})
    write(folder, [document])


def _files(folder: Path, names: Callable[[int], str], text: Callable[[int], str]) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    for number in range(MANY):
        path = folder / names(number)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text(number), encoding="utf-8")
    return folder


def _terraform(work: Path, tool: str) -> Peer:
    def text(number: int, level: int = 1) -> str:
        return (
            f'resource "terraform_data" "segment_{number}" {{\n'
            f'  input = {{ country = "DE", vip_level = {level}, deposits = {number} }}\n}}\n'
        )

    folder = _files(work / "peers-terraform", lambda number: f"segment_{number}.tf", text)
    quiet = {"CHECKPOINT_DISABLE": "1", "TF_IN_AUTOMATION": "1", "TF_CLI_CONFIG_FILE": os.devnull}
    os.environ.update(quiet)
    subprocess.run([tool, "init", "-input=false"], cwd=folder, check=True, capture_output=True)
    return Peer(
        "`terraform_data`",
        folder,
        {
            "`--help`": [tool, "-help"],
            "validate": [tool, "validate"],
            "apply, all new": [tool, "apply", "-auto-approve", "-input=false"],
            "plan, nothing changed": [tool, "plan", "-input=false"],
            "plan, one changed": [tool, "plan", "-input=false"],
        },
        change=lambda: (folder / "segment_7.tf").write_text(text(7, 2), encoding="utf-8"),
        anew=lambda: (folder / "terraform.tfstate").unlink(missing_ok=True),
        environment=quiet,
    )


def _query(number: int, level: int = 1) -> str:
    return f"SELECT 'p' || i AS player_id FROM range(1000) AS players(i) WHERE i % {level + 3} = {number % 3}"


def _sqlmesh(work: Path, tool: str) -> Peer:
    def text(number: int, level: int = 1) -> str:
        return f"MODEL (name segments.s{number}, kind VIEW);\n{_query(number, level)}\n"

    folder = _files(work / "peers-sqlmesh", lambda number: f"models/s{number}.sql", text)
    (folder / "config.yaml").write_text(
        "gateways: {local: {connection: {type: duckdb, database: db.duckdb}}}\n"
        "default_gateway: local\nmodel_defaults: {dialect: duckdb, start: 2026-01-01}\n",
        encoding="utf-8",
    )

    def anew() -> None:
        for path in (folder / "db.duckdb", folder / "db.duckdb.wal"):
            path.unlink(missing_ok=True)
        shutil.rmtree(folder / ".cache", ignore_errors=True)

    plan = [tool, "plan", "--no-prompts", "--skip-tests"]
    return Peer(
        "models, views",
        folder,
        {
            "`--help`": [tool, "--help"],
            "validate": [tool, "info", "--skip-connection"],
            "apply, all new": [*plan, "--auto-apply"],
            "plan, nothing changed": plan,
            "plan, one changed": ["sh", "-c", f"echo n | {' '.join(plan)}"],
        },
        change=lambda: (folder / "models/s7.sql").write_text(text(7, 2), encoding="utf-8"),
        anew=anew,
        environment={"SQLMESH__DISABLE_ANONYMIZED_ANALYTICS": "true", "MAX_FORK_WORKERS": "1"},
    )


def _dbt(work: Path, tool: str) -> Peer:
    def text(number: int, level: int = 1) -> str:
        return f"{_query(number, level)}\n"

    folder = _files(work / "peers-dbt", lambda number: f"models/s{number}.sql", text)
    (folder / "dbt_project.yml").write_text(
        "name: peers\nversion: '1.0'\nprofile: peers\nmodel-paths: [models]\n", encoding="utf-8"
    )
    (folder / "profiles.yml").write_text(
        "peers: {target: dev, outputs: {dev: {type: duckdb, path: db.duckdb, threads: 2}}}\n", encoding="utf-8"
    )

    def anew() -> None:
        (folder / "db.duckdb").unlink(missing_ok=True)
        shutil.rmtree(folder / "target", ignore_errors=True)

    listed = [tool, "--quiet", "ls", "--select", "state:modified", "--state", "before"]
    return Peer(
        "models, views",
        folder,
        {
            "`--help`": [tool, "--help"],
            "validate": [tool, "--quiet", "parse"],
            "apply, all new": ["sh", "-c", f"{tool} --quiet run && rm -rf before && cp -r target before"],
            "plan, nothing changed": listed,
            "plan, one changed": listed,
        },
        change=lambda: (folder / "models/s7.sql").write_text(text(7, 2), encoding="utf-8"),
        anew=anew,
        environment={"DBT_SEND_ANONYMOUS_USAGE_STATS": "false", "DBT_PROFILES_DIR": str(folder)},
    )


_MAKERS: dict[str, Callable[[Path, str], Peer]] = {"terraform": _terraform, "sqlmesh": _sqlmesh, "dbt": _dbt}
