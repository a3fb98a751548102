"""segctl schema"""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from segctl.base.errors import Refused
from segctl.cli.options import HERE, Chdir
from segctl.cli.session import opened


class Of(StrEnum):
    """Which documents a schema is of."""

    segment = "segment"
    rule = "rule"
    list = "list"
    test = "test"
    catalog = "catalog"
    settings = "settings"


_KINDS = {
    Of.segment: "Segment",
    Of.rule: "Rule",
    Of.list: "List",
    Of.test: "SegmentTest",
    Of.catalog: "Catalog",
}


def schema(
    of: Annotated[
        Of | None,
        typer.Argument(
            help="One kind of document alone; every kind below segments/ if left out.", show_default=False
        ),
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="Write it to this file instead.", show_default=False)
    ] = None,
    check: Annotated[
        bool, typer.Option("--check", help="Only say whether schemas/segments.schema.json is up to date.")
    ] = False,
    chdir: Chdir = HERE,
) -> int:
    """Write the JSON Schema of this project's documents, so that editors complete, explain and mark them.

    It knows the fields of your catalog with their titles and descriptions, the operators of each, and allowed
    values. Keep it in git as schemas/segments.schema.json, where the editor settings of `segctl init` look for it,
    and make it again when the catalog changes. The names of segments, rules and lists in it are only offered, so
    `--check` does not look at them.

    \b
    Examples:
      segctl schema -o schemas/segments.schema.json
      segctl schema --check                  exit code 1 if that file is out of date
      segctl schema segment                  the schema of one kind of document
    """
    from segctl.cli.console import out as print_out
    from segctl.files.atomic import write_text
    from segctl.workflow.editor import FILE, check_schema, project_schema, settings_schema

    if check and (of is not None or out is not None):
        raise Refused("`--check` looks at one file and writes none.", "segctl schema --check")
    loaded = opened(chdir)
    if check:
        check_schema(loaded)
        print_out(f"{FILE} is up to date.")
        return 0
    text = settings_schema() if of == Of.settings else project_schema(loaded, _KINDS[of] if of else None)
    if out is None:
        print_out(text)
        return 0
    write_text(chdir / out, text)
    print_out(f"Wrote {out}, {len(text.encode()) / 1000:,.0f} KB. Keep it in git: reviewers' editors read it too.")
    return 0
