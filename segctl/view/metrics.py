"""What a worker says of itself and of the state, in the text format of Prometheus.

https://prometheus.io/docs/instrumenting/exposition_formats/ (0.0.4)
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

CONTENT_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"
# name → its kind, and what it says; each stands in docs/operations.md
METRICS: Final[Mapping[str, tuple[str, str]]] = {
    "segctl_worker_info": ("gauge", "1, with the version of this worker."),
    "segctl_state_up": ("gauge", "1 if the state could be used when it was last asked, else 0."),
    "segctl_duty_runs_total": ("counter", "How often this worker did a duty, by outcome: done, failed, broken."),
    "segctl_duty_seconds_total": ("counter", "How long this worker spent on a duty."),
    "segctl_duty_done_timestamp_seconds": ("gauge", "When any worker last did a duty."),
    "segctl_duty_failures": ("gauge", "How often in a row a duty failed, whichever worker tried."),
    "segctl_moves_total": ("counter", "Players who joined and left in the refreshes of this worker."),
    "segctl_segment_lag_seconds": ("gauge", "How long ago the instant lies that the members are true for."),
    "segctl_segment_schedule_seconds": ("gauge", "How stale the members may be, by `schedule`."),
    "segctl_segment_late": ("gauge", "1 if the members are staler than they may be, else 0."),
    "segctl_segment_members": ("gauge", "How many members there are."),
    "segctl_outbox_messages": ("gauge", "Messages that wait for the webhook of a segment."),
    "segctl_outbox_oldest_seconds": ("gauge", "How long the oldest message has been waiting; 0 if none waits."),
    "segctl_dead_letters": ("gauge", "Messages that are not tried again by themselves."),
}
_ESCAPES: Final = str.maketrans({"\\": r"\\", '"': r"\"", "\n": r"\n"})
Labels = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class SegmentLag:
    """One segment: how stale, how stale it may be (None where nothing says so), whether that is too late."""

    name: str
    lag_seconds: float | None
    schedule_seconds: float | None
    late: bool


@dataclass(frozen=True, slots=True)
class Metrics:
    """All numbers of one moment. Mappings are by segment or duty; `runs` by duty and outcome."""

    version: str
    state_up: bool
    runs: Mapping[tuple[str, str], int] = field(default_factory=dict)
    seconds: Mapping[str, float] = field(default_factory=dict)
    done_at: Mapping[str, float] = field(default_factory=dict)
    failures: Mapping[str, int] = field(default_factory=dict)
    joined: int = 0
    left: int = 0
    lags: Iterable[SegmentLag] = ()
    members: Mapping[str, int] = field(default_factory=dict)
    waiting: Mapping[str, int] = field(default_factory=dict)
    oldest_seconds: float = 0.0
    dead: int = 0


def metrics_text(metrics: Metrics) -> str:
    """Every metric with its samples, in the order of METRICS; of what is not known there is no sample."""
    samples = _samples(metrics)
    lines = []
    for name, (kind, says) in METRICS.items():
        lines += [f"# HELP {name} {says}", f"# TYPE {name} {kind}"]
        lines += [f"{name}{_labelled(labels)} {_number(value)}" for labels, value in samples.get(name, [])]
    return "\n".join(lines) + "\n"


def _samples(metrics: Metrics) -> dict[str, list[tuple[Labels, float]]]:
    lags = sorted(metrics.lags, key=lambda one: one.name)
    return {
        "segctl_worker_info": [((("version", metrics.version),), 1)],
        "segctl_state_up": [((), int(metrics.state_up))],
        "segctl_duty_runs_total": [
            ((("duty", duty), ("outcome", outcome)), count)
            for (duty, outcome), count in sorted(metrics.runs.items())
        ],
        "segctl_duty_seconds_total": _by("duty", metrics.seconds),
        "segctl_duty_done_timestamp_seconds": _by("duty", metrics.done_at),
        "segctl_duty_failures": _by("duty", metrics.failures),
        "segctl_moves_total": _by("direction", {"joined": metrics.joined, "left": metrics.left}),
        "segctl_segment_lag_seconds": _by(
            "segment", {one.name: one.lag_seconds for one in lags if one.lag_seconds is not None}
        ),
        "segctl_segment_schedule_seconds": _by(
            "segment", {one.name: one.schedule_seconds for one in lags if one.schedule_seconds is not None}
        ),
        "segctl_segment_late": _by(
            "segment", {one.name: int(one.late) for one in lags if one.schedule_seconds is not None}
        ),
        "segctl_segment_members": _by("segment", metrics.members),
        "segctl_outbox_messages": _by("segment", metrics.waiting),
        "segctl_outbox_oldest_seconds": [((), metrics.oldest_seconds)],
        "segctl_dead_letters": [((), metrics.dead)],
    }


def _by(label: str, values: Mapping[str, float]) -> list[tuple[Labels, float]]:
    return [(((label, name),), value) for name, value in sorted(values.items())]


def _labelled(labels: Labels) -> str:
    """A segment is named by its author: backslash, quote and line feed are escaped."""
    if not labels:
        return ""
    return "{" + ",".join(f'{name}="{value.translate(_ESCAPES)}"' for name, value in labels) + "}"


def _number(value: float) -> str:
    return str(value) if isinstance(value, int) else f"{value:.3f}"
