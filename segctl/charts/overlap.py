"""What segments have in common, as a heat map."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure

from segctl.charts.paper import BLUE, FAINT, INK, Format, headed, saved, styled
from segctl.view.figures import count
from segctl.view.overlap import Overlap

_SHADES = LinearSegmentedColormap.from_list("shades", ["#ffffff", "#9ecae1", BLUE])
# beyond this many, numbers in the fields are too small to read
_WRITTEN = 14
# where dark letters can no longer be read
_DARK = 0.6


def overlap_figure(found: Overlap, *, subtitle: str, form: Format) -> bytes:
    """Each field is shaded by the Jaccard index, and says it with the number of members in common."""
    number = len(found.segments)
    longest = max(map(len, found.segments))
    field, margin = (0.95 if number <= _WRITTEN else 0.42), 0.35 + 0.095 * longest
    below = 0.35 + 0.062 * longest
    width, height = max(7.0, margin + field * number + 0.5), max(3.4, 1.1 + below + field * 0.62 * number)
    with styled():
        figure = Figure(figsize=(width, height))
        headed(figure, "Players in common", subtitle)
        bottom = below / height
        axes = figure.add_axes((margin / width, bottom, 1 - (margin + 0.3) / width, 1 - bottom - 1.0 / height))
        _shaded(axes, found, turned=longest > 9)
        if number <= _WRITTEN:
            for one in range(number):
                for other in range(number):
                    _written(axes, found, one, other)
        return saved(figure, form)


def _shaded(axes: Axes, found: Overlap, *, turned: bool) -> None:
    places = range(len(found.segments))
    shares = np.array([[found.jaccard(one, other) or 0.0 for other in places] for one in places])
    # a segment with itself says nothing
    np.fill_diagonal(shares, np.nan)
    axes.imshow(shares, cmap=_SHADES, vmin=0, vmax=1, aspect="auto")
    axes.set_facecolor("#f1f3f5")
    how: dict[str, Any] = {"rotation": 40, "ha": "right", "rotation_mode": "anchor"} if turned else {}
    axes.set_xticks(places, found.segments, **how)
    axes.set_yticks(places, found.segments)
    axes.tick_params(length=0, colors=INK)
    axes.spines[:].set_visible(False)


def _written(axes: Axes, found: Overlap, one: int, other: int) -> None:
    """The number of players, and below it the index in percent."""
    text = count(found.common[one][other])
    if one == other:
        axes.text(other, one, text, ha="center", va="center", color=INK)
        return
    share = found.jaccard(one, other) or 0.0
    ink, faint = ("white", "white") if share > _DARK else (INK, FAINT)
    axes.text(other, one - 0.13, text, ha="center", va="center", color=ink)
    axes.text(other, one + 0.22, f"{100 * share:.1f} %", ha="center", va="center", fontsize=9, color=faint)
