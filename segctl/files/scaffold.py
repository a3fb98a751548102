"""What `segctl init` writes: a project to begin with, for the user's own database. Reads what is shipped."""

from __future__ import annotations

import json
import os
import re
import unicodedata
from collections.abc import Iterable, Mapping
from pathlib import Path

from segctl.base.errors import Refused
from segctl.files.shipped import schema

_SHIPPED = Path(__file__).resolve().parent / "scaffold"
# Where a file goes, and what it is called where it is shipped: there no name begins with a dot, so that neither
# git nor an editor takes it for its own.
_FILES = {
    "segctl.yaml": "segctl.yaml",
    "segments/catalog.yaml": "catalog.yaml",
    "segments/lifecycle/new-players.yaml": "new-players.yaml",
    "segments/lifecycle/lapsed-depositors.yaml": "lapsed-depositors.yaml",
    ".gitignore": "gitignore",
    ".vscode/extensions.json": "vscode-extensions.json",
    ".vscode/settings.json": "vscode-settings.json",
    ".github/workflows/segments.yml": "workflow.yml",
}
_SCHEMAS = ("settings",)
_LONGEST_NAME = 63
_plain = re.compile(r"[A-Za-z][A-Za-z0-9_/+.:-]*[A-Za-z0-9]").fullmatch
# `//user:password@host`, `?password=…`, or `;token=…`
_passwords = re.compile(r"://[^:/?#@]*:([^@]+)@|[?&;](?:password|token)=([^&;]+)").findall
_WORDS = frozenset(("true", "false", "null", "yes", "no", "on", "off"))


def scaffold(
    *,
    name: str,
    timezone: str = "UTC",
    warehouse: str = "duckdb:///warehouse.duckdb",
    state: str = "sqlite:///.segctl/state.db",
) -> dict[str, str]:
    """The text of each file, by its path below the project's folder.

    The schema of the settings is among them, since editors look for it beside the file that it describes; that of
    the documents is made of them (workflow/editor.py).
    Raises: Refused, for an address with a password, which would end up in git.
    """
    _no_password("warehouse", warehouse)
    _no_password("state", state)
    given = {"name": name, "timezone": timezone, "warehouse": warehouse, "state": state}
    files = {path: _shipped(file) for path, file in _FILES.items()}
    files["segctl.yaml"] = re.sub(r"@(\w+)@", lambda match: _scalar(given[match[1]]), files["segctl.yaml"])
    files.update((f"schemas/{each}.v1.json", schema(each)) for each in _SCHEMAS)
    return files


def slug(text: str) -> str:
    """A name for a project from the name of its folder; `segments` if nothing is left of it."""
    ascii_only = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    words = re.sub(r"[^a-z0-9]+", "-", ascii_only.lower()).strip("-")
    return words[:_LONGEST_NAME].rstrip("-") or "segments"


def write_scaffold(folder: Path, files: Mapping[str, str]) -> list[str]:
    """Writes all files or none, and returns their paths in order.

    Raises: Refused, when something stands where a file or its folder would go.
    """
    standing = sorted({path for file in files for path in _standing(folder, file)})
    if standing:
        raise Refused(
            f"Nothing was written to {folder}: {_listed(standing)} would be overwritten.",
            "Choose an empty folder, or move what stands there and run `segctl init` again.",
        )
    written: list[Path] = []
    try:
        for file, text in sorted(files.items()):
            _write(folder / file, text, written)
    except OSError as error:
        for path in reversed(written):
            path.unlink()
        raise Refused(f"Nothing was written to {folder}: {error.strerror}.") from error
    return sorted(files)


def _shipped(file: str) -> str:
    return (_SHIPPED / file).read_text(encoding="utf-8")


def _scalar(text: str) -> str:
    """The text as YAML, in quotes where it would be something else without."""
    return text if _plain(text) and text.lower() not in _WORDS else json.dumps(text, ensure_ascii=False)


def _no_password(which: str, address: str) -> None:
    if any(not password.startswith("$") for pair in _passwords(address) for password in pair if password):
        raise Refused(
            f"The address of the {which} holds a password, and segctl.yaml is kept in git.",
            f"Give `${{SEGCTL_{which.upper()}}}` instead, and set that variable where segctl runs.",
        )


def _standing(folder: Path, file: str) -> Iterable[str]:
    """What is in the way of a file: itself, or something else than a folder above it."""
    if os.path.lexists(folder / file):
        yield file
    for above in Path(file).parents[:-1]:
        if (folder / above).is_symlink() or (os.path.lexists(folder / above) and not (folder / above).is_dir()):
            yield above.as_posix()


def _write(path: Path, text: str, written: list[Path]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("x", encoding="utf-8", newline="\n") as file:
        written.append(path)
        file.write(text)


def _listed(paths: list[str]) -> str:
    return ", ".join(f"`{path}`" for path in paths)
