"""The cache of read files, seen from outside: where it lies, when there is none, and many processes at once."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from segctl.files.cache import FILE, FOLDER
from tests.support.casino import Casino
from tests.support.console import segctl, start


@pytest.fixture
def many(casino: Casino) -> Casino:
    for number in range(40):
        casino.segment(f"level-{number}", {"vip_level": {"gte": number}}, purpose="analysis")
    return casino


def test_a_verb_says_the_same_with_the_cache_without_it_and_after_it_was_broken(many: Casino) -> None:
    many.segment("wrong", {"vip_levle": 1})
    first = segctl(many.root, "validate", "--json")
    file = many.root / FOLDER / FILE
    warm = segctl(many.root, "validate", "--json")
    written = file.read_bytes()
    file.write_bytes(written[: len(written) // 2])
    broken = segctl(many.root, "validate", "--json")
    mended = file.read_bytes()
    shutil.rmtree(many.root / FOLDER)
    gone = segctl(many.root, "validate", "--json", SEGCTL_NO_CACHE="1")

    assert first.returncode == 1
    assert "SEG101" in first.stdout
    assert [(one.stdout, one.stderr) for one in (warm, broken, gone)] == [(first.stdout, first.stderr)] * 3
    assert mended == written
    assert not (many.root / FOLDER).exists()


def test_who_wants_no_cache_has_none(many: Casino) -> None:
    assert segctl(many.root, "validate", SEGCTL_NO_CACHE="1").returncode == 0
    assert not (many.root / FOLDER).exists()


def test_the_steps_of_a_job_share_one(many: Casino) -> None:
    first = segctl(many.root, "validate", CI="true")
    written = (many.root / FOLDER / FILE).read_bytes()
    again = segctl(many.root, "plan", CI="true")

    assert (first.returncode, again.returncode) == (0, 0)
    assert (many.root / FOLDER / FILE).read_bytes() == written


def test_a_cache_that_comes_with_a_repository_counts_for_nothing(many: Casino, tmp_path: Path) -> None:
    segctl(many.root, "validate", XDG_CACHE_HOME=str(tmp_path / "stranger"))
    theirs = (many.root / FOLDER / FILE).read_bytes()
    segctl(many.root, "validate", XDG_CACHE_HOME=str(tmp_path / "mine"))

    assert (many.root / FOLDER / FILE).read_bytes() != theirs


def test_many_processes_at_once_say_what_one_says(many: Casino) -> None:
    alone = segctl(many.root, "validate", SEGCTL_NO_CACHE="1")
    running = [start(many.root, "validate") for _ in range(6)]
    said = [one.communicate(timeout=60) for one in running]

    assert set(said) == {(alone.stdout, alone.stderr)}
    assert sorted(path.name for path in (many.root / FOLDER).iterdir()) == [".gitignore", FILE]
