"""The benchmarks run; how fast is said by the benchmarks alone."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


@pytest.mark.parametrize("engine", ["evaluation", "postgres"])
def test_both_ways_of_evaluating_find_the_same_members(engine: str, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "benchmarks", "--only", engine, "--players", "300", "--runs", "1"]

    done = subprocess.run(
        [*command, "--work", str(tmp_path)], cwd=ROOT, capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stderr
    assert "300 of 300 segments" in done.stdout


def test_a_state_is_written_on_both_databases(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "benchmarks", "--only", "state", "--players", "3000"]

    done = subprocess.run(
        [*command, "--work", str(tmp_path)], cwd=ROOT, capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stderr
    assert "PostgreSQL: the transaction of the apply" in done.stdout


def test_insights_are_measured_beside_an_evaluation(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "benchmarks", "--only", "insights", "--players", "300", "--runs", "1"]

    done = subprocess.run(
        [*command, "--work", str(tmp_path)], cwd=ROOT, capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stderr
    assert "`segctl insights` of 299 segments" in done.stdout


def test_every_message_arrives_in_order(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "benchmarks", "--only", "webhooks", "--messages", "1000"]

    done = subprocess.run(
        [*command, "--work", str(tmp_path)], cwd=ROOT, capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stderr
    assert done.stdout.count("| lost | 0 |") == done.stdout.count("| out of order | 0 |") == 2
