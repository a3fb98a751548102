"""The feature state is a cache: gone, damaged, of something else or not writable, a refresh finds the same without it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from segctl.files.chunks import DamagedError, read_chunks
from segctl.workflow.features import FORMAT
from segctl.workflow.refresh import Looked, refresh
from tests.support.casino import CATALOG, ON_BOTH, Casino

pytestmark = ON_BOTH
# Anna's deposit is the newest that the casino begins with: others as new as it may yet be seen.
NEWEST = 1


@pytest.fixture
def kept(casino: Casino) -> Casino:
    """A casino that was refreshed, an hour ago."""
    casino.segment("payers", {"during": {"last": "30d"}, "all": [{"deposit_count": {"gte": 1}}]})
    casino.segment("germans", {"country": "DE"})
    casino.apply()
    casino.refresh()
    casino.later(hours=1)
    return casino


def looked(casino: Casino, *, full: bool = False) -> Looked:
    return refresh(casino.context(), full=full).looked


def features(casino: Casino) -> Path:
    return casino.context().features


def test_the_first_refresh_looks_at_everybody(casino: Casino) -> None:
    casino.segment("germans", {"country": "DE"})
    casino.apply()

    assert looked(casino) == Looked(False, 10, 10, ("there is no feature state yet",), None)


def test_the_next_one_looks_at_whom_something_touched(kept: Casino) -> None:
    kept.deposit("jack", 10)

    assert looked(kept) == Looked(True, NEWEST + 1, 10, (), None)
    assert "jack" in kept.members("payers")


def test_whoever_falls_out_of_a_window_is_looked_at(kept: Casino) -> None:
    kept.later(days=1)

    assert looked(kept) == Looked(True, NEWEST + 1, 10, (), None)
    assert "cara" not in kept.members("payers"), "29 days ago was a month ago"
    assert kept.causes("payers") == {"clock": (0, 1)}


def test_full_looks_at_everybody(kept: Casino) -> None:
    assert looked(kept, full=True) == Looked(False, 10, 10, ("--full was asked for",), None)
    assert looked(kept).incremental


def test_a_new_segment_is_read_whole_once(kept: Casino) -> None:
    kept.segment("rich", {"deposit_amount": {"gte": 400}})
    kept.apply()

    assert looked(kept).why == ("payments: segments ask for what was not kept",)
    assert looked(kept) == Looked(True, NEWEST, 10, (), None)


def test_rows_that_do_not_say_when_they_became_known_are_read_whole(kept: Casino) -> None:
    kept.write("segments/catalog.yaml", CATALOG.replace("    ingested: ingested_at\n", ""))
    kept.apply()

    for _ in range(2):
        (why,) = looked(kept).why
        assert why == "payments: its rows do not say when they became known (`ingested:` in the catalog)"


def test_a_row_that_hides_when_it_became_known_is_always_new(kept: Casino) -> None:
    kept.sql("INSERT INTO payments VALUES (99, 'jack', ?, NULL, 'deposit', 10)", kept.now)

    for _ in range(2):
        assert looked(kept).players == NEWEST + 1
        assert "jack" in kept.members("payers")


def test_a_row_that_is_seen_late_is_found_within_the_lag(kept: Casino) -> None:
    kept.deposit("jack", 10)
    refresh(kept.context())
    ingested = kept.now
    kept.later(minutes=9)
    kept.sql("INSERT INTO payments VALUES (99, 'ines', ?, ?, 'deposit', 10)", ingested, ingested)

    assert looked(kept).incremental
    assert "ines" in kept.members("payers")


def _gone(path: Path) -> None:
    path.unlink()


def _cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1])


def _longer(path: Path) -> None:
    path.write_bytes(path.read_bytes() + b"\0")


def _empty(path: Path) -> None:
    path.write_bytes(b"")


def _flipped(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.write_bytes(content)


def _described_otherwise(path: Path) -> None:
    told = path.read_bytes()
    other = told.replace(b'"format":%d' % FORMAT, b'"format":%d' % (FORMAT + 1))
    assert other != told
    path.write_bytes(other)


def _folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


@pytest.mark.parametrize(
    ("damage", "why"),
    [
        (_gone, "there is no feature state yet"),
        (_cut, "a chunk of it is damaged"),
        (_longer, "it is longer than it says"),
        (_empty, "it is no such file"),
        (_flipped, "a chunk of it is damaged"),
        (_described_otherwise, "its description is damaged"),
        (_folder, "it cannot be read"),
    ],
)
def test_what_is_damaged_is_not_used(kept: Casino, damage: Callable[[Path], None], why: str) -> None:
    damage(features(kept))
    kept.deposit("jack", 10)

    found = looked(kept)

    assert not found.incremental
    assert why in found.why[0]
    assert "jack" in kept.members("payers")


def test_every_byte_counts(kept: Casino) -> None:
    """Whichever byte is another one, the file is refused."""
    path = features(kept)
    content = path.read_bytes()
    for place in range(len(content)):
        changed = bytearray(content)
        changed[place] ^= 0x10
        path.write_bytes(changed)

        with pytest.raises(DamagedError):
            read_chunks(path)


def test_another_time_zone_makes_it_full(kept: Casino) -> None:
    settings = (kept.root / "segctl.yaml").read_text()
    kept.write("segctl.yaml", settings.replace("timezone: UTC", "timezone: Europe/Malta"))

    assert looked(kept).why == ("the project's time zone is another one",)


def test_another_warehouse_makes_it_full(kept: Casino) -> None:
    (kept.root / "warehouse.duckdb").rename(kept.root / "moved.duckdb")
    settings = (kept.root / "segctl.yaml").read_text()
    kept.write("segctl.yaml", settings.replace("duckdb:///warehouse.duckdb", "duckdb:///moved.duckdb"))

    assert looked(kept).why == ("the feature state was kept of another warehouse",)


def test_who_is_forgotten_stands_nowhere_any_more(kept: Casino) -> None:
    kept.forget("anna")

    assert not features(kept).exists()
    assert looked(kept).why == ("there is no feature state yet",)


def test_a_state_that_was_brought_back_makes_it_full(kept: Casino) -> None:
    bring_back = kept.kept()
    path = features(kept)
    kept.deposit("jack", 10)
    refresh(kept.context())
    later = path.read_bytes()
    bring_back()
    path.write_bytes(later)

    assert looked(kept).why == ("the state was brought back to an earlier copy",)


def test_another_state_makes_it_full(kept: Casino) -> None:
    content = features(kept).read_bytes()
    kept.forget_state()
    kept.apply()
    features(kept).write_bytes(content)

    assert looked(kept).why == ("the feature state belongs to another state",)


def test_a_refresh_that_cannot_keep_it_says_so_and_stands(kept: Casino) -> None:
    settings = (kept.root / "segctl.yaml").read_text()
    kept.write("in-the-way", "a file where a folder is wanted")
    kept.write("segctl.yaml", settings.replace("  dev:\n", "  dev:\n    features: in-the-way/features\n", 1))
    kept.deposit("jack", 10)

    found = looked(kept)

    assert found.unkept is not None
    assert "cannot be written" in found.unkept
    assert "jack" in kept.members("payers")


def test_a_place_of_ones_own(kept: Casino) -> None:
    settings = (kept.root / "segctl.yaml").read_text()
    kept.variables["CACHE"] = "elsewhere"
    kept.write("segctl.yaml", settings.replace("  dev:\n", '  dev:\n    features: "${CACHE}/features"\n', 1))
    refresh(kept.context())

    assert (kept.root / "elsewhere/features").is_file()
    assert looked(kept).incremental
