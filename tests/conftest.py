"""Options of the test run, and what many tests need."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.support.casino import Casino, new_casino

# how long an example takes says more of the machine than of the code
settings.register_profile("segctl", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("segctl")

CASES = Path(__file__).parent / "cases"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--accept", action="store_true", help="rewrite the expected parts of case files")


@pytest.fixture
def accept(request: pytest.FixtureRequest) -> bool:
    return bool(request.config.getoption("--accept"))


@pytest.fixture(scope="session")
def cases() -> Path:
    return CASES


@pytest.fixture(scope="session")
def fresh_casino(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return new_casino(tmp_path_factory.mktemp("fresh")).root


@pytest.fixture
def casino(fresh_casino: Path, tmp_path: Path) -> Casino:
    """A casino of its own for each test; see tests/support/casino.py."""
    return Casino(Path(shutil.copytree(fresh_casino, tmp_path / "casino")))
