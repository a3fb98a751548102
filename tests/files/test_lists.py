"""Side files of player ids."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from time import process_time

import pytest

from segctl.base.source import ListSource, Unreadable
from segctl.files.lists import read_list


def ids(root: Path, data: bytes) -> tuple[str, ...]:
    (root / "list.csv").write_bytes(data)
    found = read_list(root, "list.csv")
    assert isinstance(found, ListSource)
    assert found.digest == hashlib.sha256(data).hexdigest()
    return found.ids


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"p_1\np_2\n", ("p_1", "p_2")),
        (b"player_id\np_1\n", ("p_1",)),
        (b"\xef\xbb\xbfplayer_id\r\np_1\r\np_2", ("p_1", "p_2")),
        (b"\n\n  p_1  \n\np_2\np_1\n", ("p_1", "p_2")),
        (b'"player_id"\n"p_1"\n', ("p_1",)),
        (b"007\n1e5\n1_000\ntrue\n", ("007", "1e5", "1_000", "true")),
        (b"", ()),
        ("e\u0301\n".encode(), ("\u00e9",)),
    ],
)
def test_ids_are_taken_as_they_stand(tmp_path: Path, data: bytes, expected: tuple[str, ...]) -> None:
    assert ids(tmp_path, data) == expected


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"p_1\np_2,Anna\n", "Line 2 of `list.csv` has more than one column."),
        (b"p_1\np_2;Anna\n", "Line 2 of `list.csv` has more than one column."),
        (b"p_1\np\x1b_2\n", "Line 2 of `list.csv` has invisible characters (U+001B)."),
        ("p_1\np\u202e_2\n".encode(), "Line 2 of `list.csv` has invisible characters (U+202E)."),
        (b"p_1\n\xff\n", "Line 2 of `list.csv` is not UTF-8."),
        ("p_1\n".encode("utf-16"), "Line 1 of `list.csv` is not UTF-8."),
        (b"x" * 300, "A line of `list.csv` has more than 200 characters."),
    ],
)
def test_what_is_no_list_is_told_with_its_line(tmp_path: Path, data: bytes, told: str) -> None:
    (tmp_path / "list.csv").write_bytes(data)

    found = read_list(tmp_path, "list.csv")

    assert isinstance(found, Unreadable)
    assert found.detail == told


def test_links_pipes_and_folders_are_not_read(tmp_path: Path) -> None:
    inside = tmp_path / "project"
    inside.mkdir()
    (tmp_path / "secret").mkdir()
    (tmp_path / "secret" / "list.csv").write_text("p_1")
    (inside / "file.csv").symlink_to(tmp_path / "secret" / "list.csv")
    (inside / "linked").symlink_to(tmp_path / "secret")
    (inside / "folder.csv").mkdir()
    os.mkfifo(inside / "pipe.csv")

    for name in ("file.csv", "linked/list.csv", "folder.csv", "pipe.csv", "../secret/list.csv", "missing.csv"):
        assert isinstance(read_list(inside, name), Unreadable), name


def test_a_long_list_is_read_fast(tmp_path: Path) -> None:
    data = b"player_id\n" + b"".join(b"p_%09d\n" % n for n in range(500_000))
    started = process_time()

    found = ids(tmp_path, data)

    assert len(found) == 500_000
    assert process_time() - started < 3
