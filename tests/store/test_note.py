"""Who waits for a state in SQLite is told who writes: by a note that is believed only while its writer lives."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from segctl.base.errors import Refused
from segctl.store import note
from segctl.store.engine import open_state, writing
from segctl.store.state import ensure
from tests.store.conftest import NOW


@pytest.fixture
def path(tmp_path: Path) -> Path:
    ensure(open_state(f"sqlite:///{tmp_path}/state.db"), NOW)
    return tmp_path / "state.db"


def refusal(path: Path) -> str:
    """What a second writer is told."""
    with (
        pytest.raises(Refused) as refused,
        writing(open_state(f"sqlite:///{path}"), lock_timeout_seconds=0, doing="refresh by Zoe"),
    ):
        pass
    return " ".join((refused.value.message, *refused.value.help))


def test_a_writer_is_named_while_it_writes(path: Path) -> None:
    with writing(open_state(f"sqlite:///{path}"), lock_timeout_seconds=1, doing="apply by Ann"):
        said = refusal(path)

    assert "is being written by `segctl apply by Ann` since 20" in said
    assert f"(process {os.getpid()})" in said
    assert "--lock-timeout" in said
    assert f"kill {os.getpid()}" in said
    assert note.found(str(path)) is None
    assert [one.name for one in path.parent.iterdir() if "writer" in one.name] == []


def test_a_writer_that_fails_takes_its_note_with_it(path: Path) -> None:
    with (
        pytest.raises(ZeroDivisionError),
        writing(open_state(f"sqlite:///{path}"), lock_timeout_seconds=1, doing="apply by Ann"),
    ):
        raise ZeroDivisionError

    assert note.found(str(path)) is None


@pytest.mark.parametrize("text", ["", "[]", "{", '{"doing": 1, "process": "x", "host": ""}', '{"doing": "x"}'])
def test_a_note_that_says_nothing_is_nobody(path: Path, text: str) -> None:
    Path(f"{path}-writer").write_text(text)

    assert note.found(str(path)) is None


def test_a_note_of_a_dead_process_is_not_believed(path: Path) -> None:
    script = f"from segctl.store import note; import os; note.leave({str(path)!r}, 'apply'); print(os.getpid())"
    subprocess.run([sys.executable, "-c", script], check=True, capture_output=True)

    assert Path(f"{path}-writer").exists()
    assert note.found(str(path)) is None
