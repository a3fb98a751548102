"""The numbers of a worker, as Prometheus reads them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from segctl.view.metrics import METRICS, Metrics, SegmentLag, metrics_text
from tests.support.prometheus import families
from tests.view.hostile import HOSTILE

PAGE = Path(__file__).parents[2] / "docs/operations.md"


def metrics(name: str = "vip") -> Metrics:
    """A worker that has done everything, and one segment of every sort."""
    return Metrics(
        version="0.1.0",
        state_up=True,
        runs={("refresh", "done"): 7, ("refresh", "failed"): 1, ("deliver", "broken"): 2},
        seconds={"refresh": 12.3456, "deliver": 0.5},
        done_at={"refresh": 1_764_000_000.25},
        failures={"refresh": 0, "deliver": 2},
        joined=5,
        left=3,
        lags=[
            SegmentLag(name, 7506.0, 3600.0, late=True),
            SegmentLag("fresh", 42.0, 86_400.0, late=False),
            SegmentLag("newcomers", None, 3600.0, late=True),
            SegmentLag("germans", 42.0, None, late=False),
        ],
        members={name: 1_310, "fresh": 0},
        waiting={name: 12},
        oldest_seconds=61.0,
        dead=4,
    )


def by(metric: str, label: str, text: str) -> dict[str, float]:
    """The samples of a metric by one label."""
    return {dict(labels)[label]: value for labels, value in families(text)[metric].samples.items()}


def test_every_metric_is_there_with_its_kind_and_its_words() -> None:
    found = families(metrics_text(metrics()))

    assert {name: (one.kind, one.help) for name, one in found.items()} == dict(METRICS)
    assert [name for name, one in found.items() if not one.samples] == []
    assert {name for name, one in found.items() if one.kind == "counter"} == {
        name for name in found if name.endswith("_total")
    }


def test_numbers_come_as_they_are() -> None:
    text = metrics_text(metrics())
    found = families(text)

    assert found["segctl_state_up"].samples == {frozenset(): 1}
    assert found["segctl_duty_runs_total"].samples == {
        frozenset({("duty", "deliver"), ("outcome", "broken")}): 2,
        frozenset({("duty", "refresh"), ("outcome", "done")}): 7,
        frozenset({("duty", "refresh"), ("outcome", "failed")}): 1,
    }
    assert by("segctl_duty_seconds_total", "duty", text) == {"refresh": 12.346, "deliver": 0.5}
    assert by("segctl_duty_done_timestamp_seconds", "duty", text) == {"refresh": 1_764_000_000.25}
    assert by("segctl_moves_total", "direction", text) == {"joined": 5, "left": 3}
    assert (found["segctl_outbox_oldest_seconds"].samples, found["segctl_dead_letters"].samples) == (
        {frozenset(): 61},
        {frozenset(): 4},
    )


def test_of_what_is_not_known_there_is_no_sample() -> None:
    text = metrics_text(metrics())

    assert by("segctl_segment_lag_seconds", "segment", text) == {"vip": 7506, "fresh": 42, "germans": 42}
    assert by("segctl_segment_late", "segment", text) == {"vip": 1, "fresh": 0, "newcomers": 1}
    assert by("segctl_segment_schedule_seconds", "segment", text) == {
        "vip": 3600,
        "fresh": 86_400,
        "newcomers": 3600,
    }


def test_before_the_first_look_a_worker_says_what_it_knows() -> None:
    found = families(metrics_text(Metrics("0.1.0", state_up=False)))

    assert found["segctl_state_up"].samples == {frozenset(): 0}
    assert found["segctl_segment_late"].samples == {}
    assert set(found) == set(METRICS)


@pytest.mark.parametrize(
    "hostile", [*HOSTILE, "\\", '"', "\n", '\\"', "\\n", '"} 1\nsegctl_state_up 0', "a,b", "="]
)
def test_names_neither_break_the_page_nor_change(hostile: str) -> None:
    text = metrics_text(metrics(hostile))

    assert by("segctl_segment_members", "segment", text) == {hostile: 1_310, "fresh": 0}
    assert by("segctl_outbox_messages", "segment", text) == {hostile: 12}
    assert families(text)["segctl_state_up"].samples == {frozenset(): 1}


def test_every_metric_stands_on_the_page_of_operations() -> None:
    told = set(re.findall(r"`(segctl_[a-z_]+)`", PAGE.read_text()))

    assert told == set(METRICS)


@pytest.mark.parametrize(
    "page",
    [
        "x 1",
        "# TYPE x gauge\nx 1\n",
        "# HELP x y\nx 1\n",
        "# HELP x y\n# TYPE x gauge\ny 1\n",
        "# HELP x y\n# TYPE x gauge\nx 1\nx 2\n",
        '# HELP x y\n# TYPE x gauge\nx{a="b" 1\n',
        '# HELP x y\n# TYPE x gauge\nx{a="b",} 1\n',
        '# HELP x y\n# TYPE x gauge\nx{a="\\q"} 1\n',
        '# HELP x y\n# TYPE x gauge\nx{a="b"} one\n',
        '# HELP x y\n# TYPE x gauge\nx{a="b"} 1\n\n',
    ],
)
def test_the_reader_of_these_tests_is_strict(page: str) -> None:
    with pytest.raises((AssertionError, KeyError)):
        families(page)
