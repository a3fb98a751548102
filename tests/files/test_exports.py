"""Lists that other systems export, in the forms they come in."""

from pathlib import Path

import pytest

from segctl.base.errors import Refused
from segctl.files.exports import read_export

BOTH = {"vip": ("p1", "p2"), "new": ("p3",)}


def lists(tmp_path: Path, name: str, text: str) -> dict[str, tuple[str, ...]]:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return {one.name: one.ids for one in read_export(path)}


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("x.csv", "segment,player_id\nvip,p1\nvip,p2\nnew,p3\nvip,p1\n"),
        ("x.csv", "Player ID;Audience;Added\np1;vip;2026-01-01\np2;vip;2026-01-01\np3;new;2026-01-01\n"),
        ("x.tsv", "customer_id\tlist_name\np1\tvip\np2\tvip\np3\tnew\n"),
        ("x.json", '{"vip": ["p1", "p2"], "new": ["p3"]}'),
        ("x.json", '[{"name": "vip", "members": ["p1", "p2"]}, {"name": "new", "members": [{"player_id": "p3"}]}]'),
        ("x.json", '[{"segment": "vip", "player_id": "p1"}, {"segment": "vip", "player_id": "p2"}, {"segment": "new", "player_id": "p3"}]'),
        ("x.jsonl", '{"segment": "vip", "user_id": "p1"}\n\n{"segment": "vip", "user_id": "p2"}\n{"segment": "new", "user_id": "p3"}\n'),
    ],
)  # fmt: skip
def test_rows_and_lists_by_name(tmp_path: Path, name: str, text: str) -> None:
    assert lists(tmp_path, name, text) == BOTH


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("hosts.csv", "p1\np2\n"),
        ("hosts.csv", "\ufeffplayer_id\r\np1\r\np2\r\n"),
        ("hosts.txt", "p1\n\np2\np2\n"),
        ("hosts.json", '["p1", "p2"]'),
        ("hosts.json", '{"members": ["p1", "p2"]}'),
        ("hosts.jsonl", '"p1"\n"p2"\n'),
    ],
)
def test_a_bare_list_is_called_as_its_file(tmp_path: Path, name: str, text: str) -> None:
    assert lists(tmp_path, name, text) == {"hosts": ("p1", "p2")}


def test_numbers_are_ids_too(tmp_path: Path) -> None:
    assert lists(tmp_path, "x.json", '{"vip": [1, 9007199254740993]}') == {"vip": ("1", "9007199254740993")}


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("x.csv", ""),
        ("x.csv", "player_id\n"),
        ("x.csv", "email,country\na@b.c,DE\n"),
        ("x.csv", "segment,player_id\nvip\n"),
        ("x.json", "{"),
        ("x.json", '{"vip": "p1"}'),
        ("x.json", '{"vip": [true]}'),
        ("x.json", '{"vip": [1.5]}'),
        ("x.json", '{"vip": [""]}'),
        ("x.json", '{"vip": ["a\\u202eb"]}'),
        ("x.json", '[{"name": "vip"}]'),
        ("x.json", "[" * 50_000),
        ("x.jsonl", "p1\n"),
        ("x.csv", f"player_id\n{'x' * 201}\n"),
    ],
)
def test_what_cannot_be_read_is_refused_with_the_way_out(tmp_path: Path, name: str, text: str) -> None:
    with pytest.raises(Refused) as refusal:
        lists(tmp_path, name, text)

    assert refusal.value.help
    assert name in refusal.value.message


def test_other_encodings_and_files_that_are_not_there(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_bytes("Jürgen\n".encode("latin-1"))
    for name in ("x.csv", "y.csv"):
        with pytest.raises(Refused):
            read_export(tmp_path / name)
