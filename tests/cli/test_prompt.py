"""The question before an apply: only `yes` is yes, on a terminal of its own."""

import os
import pty
import select
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.support.casino import Casino
from tests.support.console import SEGCTL, environment

LAUNCH = (
    "import fcntl, os, sys, termios; os.setsid(); fcntl.ioctl(0, termios.TIOCSCTTY, 0);"
    "os.execv(sys.argv[1], sys.argv[1:])"
)


def on_a_terminal(root: Path, answer: str, *arguments: str) -> tuple[int, str]:
    """Runs segctl on a terminal of its own and types an answer once it is asked."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-c", LAUNCH, str(SEGCTL), *arguments],
        cwd=root,
        env=environment(root.parent, TERM="xterm"),
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
    )
    os.close(theirs)
    said, answered, heard, deadline = b"", False, time.monotonic(), time.monotonic() + 60
    while time.monotonic() < deadline:
        if not select.select([ours], [], [], 0.2)[0]:
            if answered and answer == "\x03" and time.monotonic() > heard + 5:  # lost between asking and reading
                os.write(ours, answer.encode())
                heard = time.monotonic()
            continue
        try:
            part = os.read(ours, 4096)
        except OSError:  # Linux says so when the other end is closed
            break
        if not part:
            break
        said, heard = said + part, time.monotonic()
        if b"Only `yes` does" in said and not answered:
            os.write(ours, answer.encode())
            answered = True
    os.close(ours)
    return process.wait(timeout=10), said.decode()


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        ("yes\n", 0),
        ("y\n", 1),
        ("\n", 1),
        ("yes please\n", 1),
        ("\x03", 130),
        ("\x04", 130),
    ],
    ids=["yes", "y", "nothing", "yes please", "ctrl-c", "ctrl-d"],
)
def test_only_yes_is_yes(casino: Casino, answer: str, code: int) -> None:
    casino.segment("germans", {"country": "DE"})
    casino.apply()
    casino.segment("germans", {"country": "GB"})
    before = casino.stored()

    found, said = on_a_terminal(casino.root, answer, "apply")

    assert found == code, said
    assert "Plan: 1 to update." in said
    assert "\x1b[33m" in said, "colour on a terminal"
    assert "Traceback" not in said
    if code == 0:
        assert casino.members("germans") == {"emil", "finn", "gwen"}
    else:
        assert casino.stored() == before
        assert "Nothing was" in said
