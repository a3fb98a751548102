"""Files that appear whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from segctl.base.errors import Refused


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """A name beside `path` to write to, which takes its place at the end. Raises: Refused, if it cannot."""
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        yield part
        part.replace(path)
    except OSError as error:
        raise Refused(f"{path} cannot be written: {error.strerror or error}.") from error
    finally:
        with suppress(OSError):  # nothing is there if there is no folder
            part.unlink(missing_ok=True)


def write_text(path: Path, text: str) -> None:
    """Writes a text file. Raises: Refused."""
    with replacing(path) as part:
        part.write_text(text, encoding="utf-8", newline="")


def write_bytes(path: Path, content: bytes) -> None:
    """Writes a file of any kind. Raises: Refused."""
    with replacing(path) as part:
        part.write_bytes(content)


def write_parts(path: Path, parts: Iterable[str]) -> None:
    """Writes a text file piece by piece. Raises: Refused."""
    with replacing(path) as part, part.open("w", encoding="utf-8", newline="") as file:
        file.writelines(parts)
