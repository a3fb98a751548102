"""The size of a segment over time, and below it who joined and left by cause."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from matplotlib.axes import Axes
from matplotlib.dates import AutoDateLocator, ConciseDateFormatter
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from segctl.charts.paper import BLUE, FAINT, INK, PALETTE, Format, bare, headed, saved, styled
from segctl.view.figures import MINUS, count
from segctl.view.stats import Stats

# more notes than these would hide each other
_MOST = 6
_DAYS = {"day": 1.0, "week": 7.0, "month": 30.0}


def stats_figure(found: Stats, *, environment: str, form: Format) -> bytes:
    """Members as steps, a line where the definition changed; moves as bars, up for joined, down for left."""
    with styled():
        figure = Figure(figsize=(11, 6.2))
        zone = ZoneInfo(found.zone)
        span = f"{found.since.astimezone(zone):%Y-%m-%d} to {found.until.astimezone(zone):%Y-%m-%d}"
        sizes = f"{count(found.before)} → {count(found.members)} members"
        headed(figure, found.title, f"{found.segment} · {environment} · {span} · {sizes}")
        over, under = figure.subplots(2, 1, sharex=True, height_ratios=(3, 2))
        figure.subplots_adjust(left=0.07, right=0.98, top=0.79, bottom=0.07, hspace=0.22)
        _sizes(over, found, zone)
        _edits(over, found)
        _moves(under, found, zone)
        _dates(under, found, zone)
        return saved(figure, form)


def _sizes(axes: Axes, found: Stats, zone: ZoneInfo) -> None:
    points = [
        (found.since, found.before),
        *((one.at, one.members) for one in found.runs),
        (found.until, found.members),
    ]
    times, members = [at.astimezone(zone) for at, _ in points], [size for _, size in points]
    axes.step(times, members, where="post", color=BLUE, linewidth=2)  # type: ignore[arg-type]
    axes.fill_between(times, members, step="post", color=BLUE, alpha=0.12, linewidth=0)  # type: ignore[arg-type]
    axes.set_ylim(0, max(*members, 1) * 1.22)
    axes.set_title("Members", loc="left", fontsize=11, color=INK)
    bare(axes)
    _whole(axes)


def _edits(axes: Axes, found: Stats) -> None:
    """A dashed line for each version; the first is where the segment begins."""
    top = axes.get_ylim()[1]
    span = (found.until - found.since).total_seconds() or 1.0
    for place, edit in enumerate(found.edits):
        axes.axvline(edit.at, color=FAINT, linewidth=1, linestyle=(0, (4, 3)))  # type: ignore[arg-type]
        late = (edit.at - found.since).total_seconds() / span > 0.8
        axes.annotate(
            edit.said if len(found.edits) <= _MOST else f"{edit.version}",
            (edit.at, top * (0.985 if place % 2 == 0 else 0.91)),
            xytext=(-5 if late else 5, 0),
            textcoords="offset points",
            ha="right" if late else "left",
            va="top",
            fontsize=9,
            color=FAINT,
            bbox={"facecolor": "white", "edgecolor": "none", "pad": 1.5},
        )


def _moves(axes: Axes, found: Stats, zone: ZoneInfo) -> None:
    """Stacked by cause, each cause in one colour both ways."""
    for colour, cause in zip(_colours(), found.causes(), strict=False):
        _bars(axes, found, zone, cause, colour)
    axes.axhline(0, color=INK, linewidth=0.8)
    axes.set_title(f"Joined (up) and left (down) by {found.period}", loc="left", fontsize=11, color=INK)
    bare(axes)
    _whole(axes)
    if found.causes():
        axes.legend(
            loc="lower right", bbox_to_anchor=(1, 1.0), ncols=8, frameon=False, fontsize=9.5, handlelength=1
        )


def _bars(axes: Axes, found: Stats, zone: ZoneInfo, cause: str, colour: str) -> None:
    names = list(found.causes())
    below = names[: names.index(cause)]
    label: str | None = cause
    for one in found.stretches:
        at = datetime(one.first.year, one.first.month, one.first.day, tzinfo=zone)
        for moves, sign in ((one.joined, 1), (one.left, -1)):
            if moves.get(cause):
                base = sign * sum(moves.get(other, 0) for other in below)
                axes.bar(
                    at,  # type: ignore[arg-type]
                    sign * moves[cause],
                    bottom=base,
                    width=0.72 * _DAYS[found.period],
                    align="edge",
                    color=colour,
                    label=label,
                )
                label = None


def _colours() -> Iterator[str]:
    yield from PALETTE


def _dates(axes: Axes, found: Stats, zone: ZoneInfo) -> None:
    locator = AutoDateLocator(tz=zone, minticks=4, maxticks=9)  # type: ignore[no-untyped-call]
    axes.xaxis.set_major_locator(locator)
    axes.xaxis.set_major_formatter(ConciseDateFormatter(locator, tz=zone))  # type: ignore[no-untyped-call]
    first = found.stretches[0].first
    axes.set_xlim(datetime(first.year, first.month, first.day, tzinfo=zone), found.until)  # type: ignore[arg-type]


def _whole(axes: Axes) -> None:
    """Ticks at whole numbers, with separators of thousands."""
    axes.yaxis.set_major_locator(MaxNLocator(nbins=5, integer=True))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: count(round(value)).replace("-", MINUS)))
