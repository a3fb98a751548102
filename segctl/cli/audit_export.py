"""segctl audit export"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from segctl.cli.options import HERE, Chdir, Env
from segctl.cli.session import context_of, opened


def export(
    since: Annotated[int, typer.Option("--since", metavar="SEQ", help="Only from this row on.", min=1)] = 1,
    saved_to: Annotated[
        Path | None, typer.Option("--out", "-o", metavar="FILE", help="Write it to this file.")
    ] = None,
    env: Env = None,
    chdir: Chdir = HERE,
) -> int:
    """Write the log as JSON Lines, the oldest row first: each column as it is stored, and the row's hash.

    `segctl audit verify --file` checks it without a database.

    \b
    Examples:
      segctl audit export -o audit.jsonl
      segctl audit export --since 1001
    """
    from segctl.cli.console import out
    from segctl.files.atomic import replacing
    from segctl.view.data import json_line
    from segctl.workflow.evidence import exported

    rows = exported(context_of(opened(chdir), env), since)
    if saved_to is None:
        for row in rows:
            out(json_line(row))
        return 0
    written = 0
    with replacing(chdir / saved_to) as part, part.open("w", encoding="utf-8", newline="") as file:
        for row in rows:
            file.write(json_line(row))
            written += 1
    out(f"Wrote {written:,} rows to {chdir / saved_to}.")
    return 0
