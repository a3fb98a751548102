"""segctl init"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from segctl.base.errors import Refused

# Files that a repository often has already, and what segctl would have them say.
_KEPT = {
    ".gitignore": "let it have the line `.segctl/`",
    ".vscode/extensions.json": "let it recommend `redhat.vscode-yaml`, which completes fields and marks typos",
    ".vscode/settings.json": "segctl's part is in the files' first lines too",
}

Dir = Annotated[Path, typer.Argument(help="The project's folder; made if it does not exist.")]


def init(
    dir_: Dir = Path(),
    timezone: Annotated[str, typer.Option(help="Where calendar days and ages are counted.")] = "UTC",
    warehouse: Annotated[str, typer.Option(help="Where player facts are read.")] = "duckdb:///warehouse.duckdb",
    state: Annotated[str, typer.Option(help="Where segctl writes.")] = "sqlite:///.segctl/state.db",
) -> int:
    """Start a project for your own player database.

    Writes segctl.yaml, a starter catalog, two segments, a schema from which editors complete, the settings that
    apply it in VS Code, and a GitHub workflow. Never overwrites.

    \b
    Examples:
      segctl init
      segctl init crm-segments --timezone Europe/Malta
      segctl init --warehouse '${SEGCTL_WAREHOUSE}'
    """
    from segctl.cli.console import out
    from segctl.files.scaffold import scaffold, slug, write_scaffold
    from segctl.workflow.editor import FILE, schema_of_files

    refuse_unknown(timezone)
    files = scaffold(name=slug(dir_.resolve().name), timezone=timezone, warehouse=warehouse, state=state)
    files[FILE] = schema_of_files(files)
    kept = [name for name in _KEPT if (dir_ / name).exists()]
    written = write_scaffold(dir_, {name: text for name, text in files.items() if name not in kept})
    out("\n".join(f"  + {name}" for name in written))
    for name in kept:
        out(f"  = {name} was there and is kept; {_KEPT[name]}")
    go = "" if dir_ == Path() else f"cd {dir_} && "
    out(
        f"\n{len(written)} files written. Next: say in segments/catalog.yaml where your data lives, then\n"
        f"  {go}segctl validate\n"
        f"  {go}segctl schema -o {FILE}     so that editors complete your fields\n"
        f"To have it guessed:  {go}segctl catalog infer -o segments/catalog.yaml --force"
    )
    return 0


def refuse_unknown(timezone: str) -> None:
    """A time zone that does not exist would be found out much later. Raises: Refused."""
    from zoneinfo import ZoneInfo, available_timezones

    from segctl.spec.suggest import did_you_mean

    try:
        ZoneInfo(timezone)
    except (ValueError, OSError, KeyError):
        hint = did_you_mean(timezone, available_timezones()) or "Write a name such as Europe/Malta."
        raise Refused(f"There is no time zone `{timezone}`.", hint) from None
