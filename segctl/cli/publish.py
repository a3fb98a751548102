"""segctl publish"""

from __future__ import annotations

import time
from dataclasses import asdict
from typing import Annotated

import typer

from segctl.cli.options import HERE, Chdir, Env, Json, LockTimeout, Quiet
from segctl.cli.session import LOCK_TIMEOUT_SECONDS, context_of, opened

Full = Annotated[
    bool, typer.Option("--full", help="Compare every row, and put right what is not as it should be.")
]


def publish(
    full: Full = False,
    json: Json = False,
    env: Env = None,
    lock_timeout: LockTimeout = LOCK_TIMEOUT_SECONDS,
    quiet: Quiet = False,
    chdir: Chdir = HERE,
) -> int:
    """Bring your own tables of members up to the state: segment_members and segment_changes.

    `publish` in segctl.yaml says where: a schema of PostgreSQL, a DuckDB file, a folder of Parquet. One pass, for
    cron: it writes what moved since the last one, in one transaction. Whatever happens to it, readers see the
    tables of before or those of after.

    \b
    Examples:
      segctl publish
      segctl publish --env production --json
      segctl publish --full                  compare all, after somebody wrote there by hand
    """
    from segctl.cli.console import out
    from segctl.cli.progress import watched
    from segctl.view.data import json_text
    from segctl.view.publish import Rows, Tables, publish_data, publish_text
    from segctl.workflow.publish import publish as published

    context = context_of(opened(chdir), env, lock_timeout=lock_timeout)
    began = time.monotonic()
    with watched(context, quiet=quiet) as watching:
        done = published(watching, full=full)
    tables = Tables(
        done.where,
        done.before,
        done.serial,
        done.segments,
        done.members,
        done.held,
        Rows(**asdict(done.put)),
        None if done.mended is None else Rows(**asdict(done.mended)),
    )
    out(json_text(publish_data(tables)) if json else publish_text(tables, time.monotonic() - began))
    return 0
