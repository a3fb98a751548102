"""What all figures share: size, colours, title, and the file they become."""

from __future__ import annotations

import io
from contextlib import AbstractContextManager
from typing import Final, Literal

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure

Format = Literal["png", "svg"]

INK, FAINT, RULE = "#1f2933", "#616e7c", "#d9dee3"
# told apart by most who confuse colours too (Okabe and Ito)
BLUE, GREEN, ORANGE = "#0072b2", "#009e73", "#d55e00"
PALETTE: Final = (BLUE, ORANGE, GREEN, "#cc79a7", "#e69f00", "#56b4e9", "#8c6d31", "#999999")
_STYLE: Final = {
    "font.family": "sans-serif",
    "font.size": 11,
    "text.color": INK,
    "axes.labelcolor": FAINT,
    "axes.edgecolor": RULE,
    "xtick.color": FAINT,
    "ytick.color": FAINT,
    # an ordinary dollar sign in a title is no formula
    "text.parse_math": False,
    # the same figure gives the same file
    "svg.hashsalt": "segctl",
}


def saved(figure: Figure, form: Format) -> bytes:
    """The bytes of the figure's file: the same for the same figure."""
    file = io.BytesIO()
    metadata = {"Date": None} if form == "svg" else {"Software": None}
    with mpl.rc_context(_STYLE):  # type: ignore[arg-type]
        figure.savefig(file, format=form, dpi=160, metadata=metadata, facecolor="white")
    return file.getvalue()


def headed(figure: Figure, title: str, subtitle: str) -> None:
    """A title at the top left, and a line of smaller text below it."""
    height = figure.get_figheight()
    figure.text(0.02, 1 - 0.18 / height, title, fontsize=17, fontweight="bold", va="top", color=INK)
    figure.text(0.02, 1 - 0.58 / height, subtitle, fontsize=11, va="top", color=FAINT)


def bare(axes: Axes) -> None:
    """Axes without a frame, with faint lines to read heights by."""
    axes.spines[["top", "right", "left"]].set_visible(False)
    axes.tick_params(length=0)
    axes.grid(axis="y", color=RULE, linewidth=0.8)
    axes.set_axisbelow(True)


def styled() -> AbstractContextManager[None]:
    """The style, for the time in which a figure is made."""
    return mpl.rc_context(_STYLE)  # type: ignore[arg-type]
