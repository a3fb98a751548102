"""What is shipped with segctl: the JSON Schemas, in a checkout and in an installed package alike."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent.parent


@lru_cache(maxsize=32)
def schema(name: str) -> str:
    """The text of a schema by name, such as `segment`."""
    file = f"{name}.v1.json"
    for folder in (_PACKAGE / "schemas", _PACKAGE.parent / "schemas"):
        path = folder / file
        if path.is_file():
            return path.read_text(encoding="utf-8")
    message = f"{file} is missing from the installation"
    raise FileNotFoundError(message)
