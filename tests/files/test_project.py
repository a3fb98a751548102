"""What a project's folder may hold besides documents, and what segctl says to it."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from segctl.base.diagnostic import Diagnostic
from segctl.files.project import _documents, find_root, read_files
from tests.spec.reading import SETTINGS, all_diagnostics, line

FINE = "kind: Segment\nname: fine\ntype: dynamic\nrules: {country: DE}\n"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "segctl.yaml").write_text(SETTINGS)
    (tmp_path / "segments").mkdir()
    (tmp_path / "segments" / "fine.yaml").write_text(FINE)
    return tmp_path


def test_files_come_sorted_with_names_below_the_root(root: Path) -> None:
    (root / "segments" / "b" / "c").mkdir(parents=True)
    (root / "segments" / "b" / "c" / "x.yml").write_text("b")
    (root / "segments" / "a.yaml").write_text("a")
    (root / "segments" / "list.csv").write_text("p_1")
    (root / "segments" / ".hidden.yaml").write_text("h")
    (root / "segments" / ".git").mkdir()
    (root / "segments" / ".git" / "x.yaml").write_text("g")

    files = read_files(root)

    names = [source.file for source in files.sources]
    assert names == ["segments/a.yaml", "segments/b/c/x.yml", "segments/fine.yaml"]
    assert files.diagnostics == ()
    assert files.settings is not None
    assert files.settings.file == "segctl.yaml"


def test_the_root_is_found_from_below(root: Path) -> None:
    (root / "segments" / "deep").mkdir()

    assert find_root(root / "segments" / "deep") == root
    assert find_root(Path("/")) is None


def fifo(path: Path) -> None:
    os.mkfifo(path)


def folder_named_like_a_document(path: Path) -> None:
    path.mkdir()
    (path / "inner.yaml").write_text("x")


def link_out_of_the_tree(path: Path) -> None:
    path.symlink_to("/etc/passwd")


def broken_link(path: Path) -> None:
    path.symlink_to("nowhere")


def link_inside_the_tree(path: Path) -> None:
    path.symlink_to("fine.yaml")


def too_large(path: Path) -> None:
    path.write_bytes(b"# " + b"x" * (1024 * 1024))


@pytest.mark.parametrize(
    ("make", "code"),
    [
        (fifo, "SEG007"),
        (folder_named_like_a_document, "SEG007"),
        (link_out_of_the_tree, "SEG007"),
        (broken_link, "SEG007"),
        (link_inside_the_tree, "SEG007"),
        (too_large, "SEG006"),
    ],
    ids=lambda value: getattr(value, "__name__", value),
)
def test_what_is_not_a_plain_small_file_gives_one_diagnostic(
    root: Path, make: Callable[[Path], None], code: str
) -> None:
    make(root / "segments" / "x.yaml")

    files = read_files(root)

    [told] = files.diagnostics
    assert line(told).startswith(f"{code} segments/x.yaml:1:1-1:2 ")
    assert [source.file for source in files.sources] == ["segments/fine.yaml"]


def test_a_linked_folder_is_not_followed(root: Path) -> None:
    (root / "elsewhere").mkdir()
    (root / "elsewhere" / "x.yaml").write_text("x")
    (root / "segments" / "linked").symlink_to(root / "elsewhere")

    files = read_files(root)

    [told] = files.diagnostics
    assert line(told).startswith("SEG007 segments/linked:1:1")


def test_a_linked_segments_folder_is_not_followed(root: Path) -> None:
    (root / "segments").rename(root / "elsewhere")
    (root / "segments").symlink_to(root / "elsewhere")

    files = read_files(root)

    assert [line(told)[:18] for told in files.diagnostics] == ["SEG007 segments:1:"]
    assert files.sources == ()


def test_a_folder_that_cannot_be_looked_into_is_told(root: Path) -> None:
    mistakes: list[Diagnostic] = []

    names = _documents(str(root), "segments/vanished", [], mistakes)

    assert names == []
    assert [told.code for told in mistakes] == ["SEG013"]


def test_names_that_differ_by_case_only_are_one_file_elsewhere(root: Path) -> None:
    (root / "segments" / "Fine.yaml").write_text(FINE)
    if len(list((root / "segments").iterdir())) == 1:
        pytest.skip("this file system ignores case")

    files = read_files(root)

    [told] = files.diagnostics
    assert told.code == "SEG008"
    assert "`segments/Fine.yaml`" in told.detail
    assert "`segments/fine.yaml`" in told.detail


def test_a_name_that_cannot_be_shown_is_refused(root: Path) -> None:
    (root / "segments" / "a\u202eb.yaml").write_text(FINE)

    [told] = read_files(root).diagnostics

    assert told.code == "SEG009"
    assert told.span.file.isascii()


def test_a_missing_settings_file_is_told(root: Path) -> None:
    (root / "segctl.yaml").unlink()

    files = read_files(root)

    assert files.settings is None
    assert [told.code for told in files.diagnostics] == ["SEG013"]


def test_a_project_without_segments_has_no_catalog(root: Path) -> None:
    (root / "segments" / "fine.yaml").unlink()
    (root / "segments").rmdir()

    assert [told.code for told in all_diagnostics(root)] == ["SEG117"]
