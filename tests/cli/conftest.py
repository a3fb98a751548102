"""segctl's command line in this process: what it prints, where, and its exit code."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

import pytest

from segctl.cli.main import run
from tests.support.casino import Casino


class Said(NamedTuple):
    """What came of a command line."""

    code: int
    out: str
    err: str


@dataclass(frozen=True, slots=True)
class Cli:
    """Runs command lines in a casino's folder."""

    casino: Casino
    capture: pytest.CaptureFixture[str]

    def __call__(self, *arguments: Any) -> Said:
        self.capture.readouterr()
        code = run([str(one) for one in arguments])
        return Said(code, *self.capture.readouterr())

    def at(self, *arguments: Any) -> Said:
        """The same, at the casino's own instant."""
        return self(*arguments, "--as-of", self.casino.now.isoformat())


@pytest.fixture
def cli(casino: Casino, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Cli:
    monkeypatch.chdir(casino.root)
    monkeypatch.setenv("HOME", str(casino.root.parent))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    for name in ("NO_COLOR", "FORCE_COLOR", "SEGCTL_ENV", "GITHUB_ACTIONS", "GITLAB_CI"):
        monkeypatch.delenv(name, raising=False)
    return Cli(casino, capsys)


@pytest.fixture
def deployed(cli: Cli) -> Cli:
    """A casino with four segments in its state, planned again nothing would change."""
    casino = cli.casino
    casino.segment("germans", {"country": "DE"}, title="Germans", tags=["geo", "core"], owner="crm")
    casino.segment("british", {"country": "GB"}, title="British", tags=["geo"])
    casino.segment("snapshot", {"vip_level": {"gte": 3}}, type="static", title="VIPs of March")
    casino.segment("picks", type="players", players=["anna", "emil", "ghost"])
    casino.apply()
    return cli
