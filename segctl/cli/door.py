"""The one place where what a command raises becomes words on stderr and an exit code."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import typer
from typer._click.exceptions import ClickException

from segctl.base.errors import Mistakes, Refused
from segctl.cli.console import NobodyReadsError, flush, say
from segctl.cli.here import choose, here
from segctl.version import VERSION

OK, FAILED, BUG, UNANCHORED, INTERRUPTED = 0, 1, 3, 4, 130
# These write in one transaction, and what comes after it can be interrupted as well.
_WRITING = frozenset(("apply", "refresh", "forget", "demo"))


def guarded(command: Callable[[], Any], arguments: Sequence[str]) -> int:
    """Runs a command. Its own exit code, or that of what it raised."""
    choose(arguments)
    try:
        return _finished(command)
    except Refused as refusal:
        _refused(refusal)
    except Mistakes as mistakes:
        _mistaken(mistakes)
    except ClickException as error:
        error.show()
    except typer.Abort:  # at a question
        typer.echo("\nInterrupted. Nothing was written.", err=True)
        return INTERRUPTED
    except KeyboardInterrupt:
        typer.echo(f"\nInterrupted. {_done_by(_verb(arguments))}", err=True)
        return INTERRUPTED
    except NobodyReadsError:
        return OK
    except Exception:  # noqa: BLE001 - the last door: anything else is a bug, and says so
        _bug(arguments)
        return BUG
    return FAILED


def _finished(command: Callable[[], Any]) -> int:
    """Runs it until its last word is out. Raises: KeyboardInterrupt, of which Typer makes a code."""
    code = command()
    if code == INTERRUPTED:
        raise KeyboardInterrupt
    flush()
    return code if isinstance(code, int) else OK


def _verb(arguments: Sequence[str]) -> str:
    return next((word for word in arguments if not word.startswith("-")), "")


def _done_by(verb: str) -> str:
    """What an interrupted verb did. Whether the one transaction of a run was through, nobody knows here."""
    if verb == "deliver":
        return "What was sent and not written down yet is sent again by the next one, under the same ids."
    if verb == "run":
        return "What was under way is written whole or not at all, and the next worker goes on from there."
    if verb not in _WRITING:
        return "Nothing was written."
    return "A run is written whole or not at all. To see which:  segctl audit log --limit 1"


def _refused(refusal: Refused) -> None:
    from segctl.view.refusal import refusal_text

    say(refusal_text(Refused(refusal.message, *map(here, refusal.help))))


def _mistaken(mistakes: Mistakes) -> None:
    from segctl.cli.mistakes import shown

    found = mistakes.diagnostics
    shown(found, mistakes.texts, mistakes.files, "text", no_color=False, outcome="Nothing was done.")


def _trail(error: BaseException | None) -> Iterator[str]:
    """Where an exception came through and of what kind it is, the ones before it first."""
    import traceback

    if error is None:
        return
    before = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if before is not None:
        yield from _trail(before)
        yield "\nwhich led to\n\n"
    yield from traceback.format_tb(error.__traceback__)
    yield f"{type(error).__module__}.{type(error).__qualname__}\n"


def _bug(arguments: Sequence[str]) -> None:
    """Tells that it is segctl's fault, and where the report lies.

    The report holds no value: none of an argument or a variable, and no message of an exception, since those of
    databases and libraries repeat rows and addresses.
    """
    import tempfile

    with tempfile.NamedTemporaryFile(
        "w", prefix="segctl-bug-", suffix=".txt", delete=False, encoding="utf-8"
    ) as file:
        python = sys.version.split()[0]
        file.write(f"segctl {VERSION} · Python {python} · {sys.platform} · verb {_verb(arguments)}\n\n")
        file.writelines(_trail(sys.exception()))
    typer.echo(f"This is a bug in segctl, not your mistake. A report lies in {file.name}", err=True)
