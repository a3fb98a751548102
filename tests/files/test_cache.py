"""The cache on disk: whatever happens to it, it gives what was written last, or nothing."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from segctl.files.cache import FILE, FOLDER, Cache, cache_of, read, write
from tests.support.disk import fill

LINES = {"a" * 64: '[["x",true]]', "b" * 64: "", "c": '{"text": "é\\n😀"}'}
touching_the_disk = settings(
    max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@pytest.fixture
def cache(tmp_path: Path) -> Cache:
    (tmp_path / "project").mkdir()
    return cache_of(tmp_path / "project", tmp_path / "home")


def file_of(cache: Cache) -> Path:
    return cache.root / FOLDER / FILE


def test_what_is_written_is_read_by_whoever_has_the_key(cache: Cache) -> None:
    write(cache, LINES)

    assert read(cache_of(cache.root, cache.home)) == LINES


def test_nothing_was_written_yet(cache: Cache) -> None:
    assert read(cache) == {}


@touching_the_disk
@given(place=st.integers(min_value=0), bit=st.integers(min_value=0, max_value=7))
def test_a_flipped_bit_is_as_nothing(cache: Cache, place: int, bit: int) -> None:
    write(cache, LINES)
    data = bytearray(file_of(cache).read_bytes())
    data[place % len(data)] ^= 1 << bit
    file_of(cache).write_bytes(data)

    assert read(cache) == {}


def test_a_file_that_was_cut_or_grew_is_as_nothing(cache: Cache) -> None:
    write(cache, LINES)
    whole = file_of(cache).read_bytes()
    for size in range(len(whole)):
        file_of(cache).write_bytes(whole[:size])
        assert read(cache) == {}
    file_of(cache).write_bytes(whole + b"\nd\t[]")

    assert read(cache) == {}


def test_what_another_user_sealed_is_as_nothing(cache: Cache, tmp_path: Path) -> None:
    write(cache_of(cache.root, tmp_path / "stranger"), {"a" * 64: "forged"})

    assert read(cache) == {}


def test_it_is_for_its_owner_and_git_does_not_see_it(cache: Cache) -> None:
    write(cache, LINES)

    assert file_of(cache).stat().st_mode & 0o077 == 0
    assert (cache.home / "cache.key").stat().st_mode & 0o077 == 0
    assert (file_of(cache).parent / ".gitignore").read_text() == "*\n"


def test_without_a_place_for_the_key_there_is_no_cache(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("a file")
    cache = cache_of(tmp_path, tmp_path / "home")
    write(cache, LINES)

    assert cache.key is None
    assert read(cache) == {}
    assert not (tmp_path / FOLDER).exists()


@pytest.mark.parametrize("linked", [".segctl", ".segctl/cache"])
def test_a_link_is_not_followed(cache: Cache, tmp_path: Path, linked: str) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    link = cache.root / linked
    link.parent.mkdir(exist_ok=True)
    link.symlink_to(elsewhere)
    write(cache, LINES)

    assert read(cache) == {}
    assert not list(elsewhere.rglob(FILE))


def test_what_stands_in_the_way_is_left(cache: Cache) -> None:
    file_of(cache).mkdir(parents=True)
    write(cache, LINES)

    assert file_of(cache).is_dir()
    assert read(cache) == {}


def test_what_a_killed_process_left_is_taken_away(cache: Cache) -> None:
    write(cache, {"old": "1"})
    (file_of(cache).parent / "documents.17.0000.part").write_bytes(b"half")
    write(cache, LINES)

    assert sorted(path.name for path in file_of(cache).parent.iterdir()) == [".gitignore", FILE]
    assert read(cache) == LINES


@pytest.fixture
def on_a_small_disk(small_disk: Path, tmp_path: Path) -> Iterator[Cache]:
    (small_disk / "project").mkdir()
    yield cache_of(small_disk / "project", tmp_path / "home")
    shutil.rmtree(small_disk / "project")


def test_a_full_disk_keeps_what_is_there(on_a_small_disk: Cache, small_disk: Path) -> None:
    many = {str(number): "x" * 4000 for number in range(100)}
    write(on_a_small_disk, LINES)
    fill(small_disk / "ballast")
    write(on_a_small_disk, many)
    left = sorted(path.name for path in (on_a_small_disk.root / FOLDER).iterdir())

    assert read(on_a_small_disk) == LINES
    assert left == [".gitignore", FILE]
    (small_disk / "ballast").unlink()
    write(on_a_small_disk, many)
    assert read(on_a_small_disk) == many


def test_a_disk_that_is_read_only_keeps_what_it_has(on_a_small_disk: Cache, small_disk: Path) -> None:
    write(on_a_small_disk, LINES)
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    write(on_a_small_disk, {"new": "1"})
    found = read(on_a_small_disk)
    subprocess.run(["mount", "-o", "remount,rw", str(small_disk)], check=True)

    assert found == LINES


def test_a_disk_that_was_full_from_the_beginning_has_no_cache(on_a_small_disk: Cache, small_disk: Path) -> None:
    fill(small_disk / "ballast")
    write(on_a_small_disk, LINES)

    assert read(on_a_small_disk) == {}
    assert read(cache_of(on_a_small_disk.root, small_disk / "home")) == {}


def test_many_writers_at_once_leave_what_one_of_them_wrote(cache: Cache) -> None:
    versions = [{"who": str(number), "what": str(number) * 50_000} for number in range(8)]
    with ThreadPoolExecutor(8) as pool:
        for _ in range(5):
            list(pool.map(lambda one: write(cache, one), versions))
            assert read(cache) in versions


def test_of_two_who_make_the_key_at_once_both_take_the_first(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda _: cache_of(tmp_path, tmp_path / "home"), range(32)))

    assert len({one.key for one in made}) == 1
    assert [path.name for path in (tmp_path / "home").iterdir()] == ["cache.key"]
