"""The one place where what a command raises becomes words on stderr and an exit code."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from typing import Any

import typer
from typer._click.exceptions import ClickException

from segctl.base.errors import Refused
from segctl.version import VERSION

OK, FAILED, BUG, INTERRUPTED = 0, 1, 3, 130


def guarded(command: Callable[[], Any], arguments: Sequence[str]) -> int:
    """Runs a command. Its own exit code, or that of what it raised."""
    try:
        code = command()
        sys.stdout.flush()
    except Refused as refusal:
        _refused(refusal)
    except ClickException as error:
        error.show()
    except (KeyboardInterrupt, typer.Abort):
        typer.echo("\nInterrupted. Nothing was written.", err=True)
        return INTERRUPTED
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return OK
    except Exception:  # noqa: BLE001 - the last door: anything else is a bug, and says so
        _bug(arguments)
        return BUG
    else:
        return code if isinstance(code, int) else OK
    return FAILED


def _refused(refusal: Refused) -> None:
    from segctl.cli.console import say
    from segctl.view.refusal import refusal_text

    say(refusal_text(refusal))


def _bug(arguments: Sequence[str]) -> None:
    """Tells that it is segctl's fault, and where the report lies; the report holds no argument's value."""
    import tempfile
    import traceback

    verb = next((word for word in arguments if not word.startswith("-")), "")
    with tempfile.NamedTemporaryFile(
        "w", prefix="segctl-bug-", suffix=".txt", delete=False, encoding="utf-8"
    ) as file:
        file.write(f"segctl {VERSION} · Python {sys.version.split()[0]} · {sys.platform} · verb {verb}\n\n")
        traceback.print_exc(file=file)
    typer.echo(f"This is a bug in segctl, not your mistake. A report lies in {file.name}", err=True)
