"""What is shipped with segctl, in a checkout and in an installed package alike: JSON Schemas, pages of codes."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from segctl.base.codes import CODES

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


def code_page(code: str) -> str | None:
    """The page of a diagnostic code such as `SEG101`; None if there is no such code."""
    if code not in CODES:
        return None
    for folder in (_PACKAGE / "docs" / "codes", _PACKAGE.parent / "docs" / "codes"):
        path = folder / f"{code}.md"
        if path.is_file():
            return path.read_text(encoding="utf-8")
    return None
