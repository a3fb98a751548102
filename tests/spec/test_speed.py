"""What makes reading fast stays so: light imports, and time that grows with the text alone."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from time import process_time

from segctl.spec.page import Page
from segctl.spec.yaml import documents
from tests.spec.reading import project, segment_text

HEAVY = ("jsonschema", "re2", "numpy", "pyarrow", "difflib", "rich", "typer", "sqlalchemy", "duckdb")
PROGRAM = f"""
import sys
from tests.spec.reading import project, segment_text
assert project({{"s.yaml": segment_text("{{country: DE}}")}}).diagnostics == ()
loaded = [name for name in {HEAVY!r} if name in sys.modules]
assert not loaded, loaded
"""


def test_reading_a_sound_project_loads_no_heavy_library() -> None:
    subprocess.run([sys.executable, "-c", PROGRAM], check=True, cwd=Path(__file__).parents[2])


def test_many_mistakes_do_not_take_long() -> None:
    rules = "".join(f"\n    - countri{n}: DE" for n in range(20_000))
    started = process_time()

    found = project({"s.yaml": segment_text(f"\n  all:{rules}")})

    assert len(found.diagnostics) == 20_000
    assert process_time() - started < 10


def test_a_large_honest_file_is_read_in_linear_time() -> None:
    data = b"players: [" + b", ".join(b"p_%06d" % n for n in range(100_000)) + b"]"
    started = process_time()

    [node] = documents(Page("x.yaml"), data)

    assert node is not None
    assert process_time() - started < 3
