"""Figures into files: the options that verbs with figures share, and what is said without matplotlib."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from segctl.base.errors import Refused

if TYPE_CHECKING:
    from segctl.charts.paper import Format

Png = Annotated[Path | None, typer.Option("--png", metavar="FILE", help="Draw a figure into this file.")]
Svg = Annotated[Path | None, typer.Option("--svg", metavar="FILE", help="The same, to be scaled without loss.")]


def need_charts(*files: Path | None) -> None:
    """Refuses before the work is done, if a figure is asked for and cannot be drawn. Raises: Refused."""
    if not any(files):
        return
    try:
        import matplotlib as mpl  # noqa: F401
    except ImportError as error:
        raise Refused(
            "Figures need matplotlib, which is not installed.", "Install it with: pip install 'segctl[charts]'"
        ) from error


def write_figures(png: Path | None, svg: Path | None, drawn: Callable[[Format], bytes]) -> int:
    """Writes the files that were asked for, says so, and gives the exit code."""
    from segctl.cli.console import out
    from segctl.files.atomic import write_bytes

    forms: tuple[tuple[Path | None, Format], ...] = ((png, "png"), (svg, "svg"))
    for path, form in forms:
        if path is not None:
            write_bytes(path, drawn(form))
            out(f"Wrote {path}.")
    return 0
