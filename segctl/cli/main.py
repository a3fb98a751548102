"""The door: finds the verb, runs it, and turns what it raises into words and an exit code.

Exit codes: 0 done, 1 a mistake, a refusal or wrong usage, 2 changes (only where `--detailed-exitcode` asks),
3 a bug of segctl, 4 a log that is intact and not anchored (only where `--require-anchor` asks), 130 interrupted.
"""

from __future__ import annotations

import gc
import io
import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from segctl.version import VERSION

GC_THRESHOLD = 1_000_000


def main() -> None:
    """The console script."""
    # a command lives shortly and makes many small objects that all stay: looking for cycles among them is waste,
    # and among what it reads of a project most of all (session.py)
    gc.set_threshold(GC_THRESHOLD)
    gc.disable()
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # for terminals that are not UTF-8
    else:  # closed by who called, as in `segctl list >&-`
        sys.stdout = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115 - as long as the process lives
    _leave(run(sys.argv[1:]))


def _leave(code: int) -> None:
    """Ends the process: all is closed and written by now.

    Python's own way takes everything down first. There, DuckDB complains on stderr of its objects, and a daemon
    that is stopped in the midst of a library aborts the process; so where one of them is, that way is not taken.
    """
    threading = sys.modules.get("threading")  # who has not imported it has no other thread
    if "duckdb" in sys.modules or (threading is not None and any(one.daemon for one in threading.enumerate())):
        for stream in (sys.stdout, sys.stderr):
            with suppress(OSError, ValueError):
                stream.flush()
        os._exit(code)
    gc.freeze()  # else Python looks through everything once more before it ends, a tenth of a command's time
    sys.exit(code)


def run(arguments: Sequence[str]) -> int:
    """Runs one command line and gives its exit code."""
    text = _known(list(arguments))
    if text is not None:
        return _say(text, arguments)
    from segctl.cli.door import guarded
    from segctl.cli.verbs import command

    return guarded(
        lambda: command(arguments).main(list(arguments), prog_name="segctl", standalone_mode=False), arguments
    )


def _known(arguments: list[str]) -> str | None:
    """What scripts and people ask most is said without the libraries of a command line."""
    if arguments == ["--version"]:
        return f"segctl {VERSION}\n"
    if arguments in (["--help"], ["-h"]):
        from segctl.cli.overview import overview

        return overview(_columns())
    return None


def _say(text: str, arguments: Sequence[str]) -> int:
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except OSError:
        from segctl.cli.console import out
        from segctl.cli.door import guarded

        return guarded(lambda: out(text), arguments)
    return 0


def _columns() -> int:
    """How wide the terminal is, as `shutil` finds it, which takes long to import."""
    try:
        return int(os.environ["COLUMNS"])
    except (KeyError, ValueError):
        try:
            return os.get_terminal_size(sys.__stdout__.fileno()).columns if sys.__stdout__ else 80
        except (OSError, ValueError):
            return 80
