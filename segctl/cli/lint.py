"""segctl lint"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from segctl.cli.options import HERE, AsOf, Chdir, Json, NoColor
from segctl.cli.validate import Format

Files = Annotated[
    list[Path] | None,
    typer.Argument(help="Tell only of these files or folders; all, if left out.", show_default=False),
]
Codes = list[str] | None


def lint(
    files: Files = None,
    fix: Annotated[bool, typer.Option("--fix", help="Mend what can be mended.")] = False,
    diff: Annotated[bool, typer.Option("--diff", help="Show what --fix would write, and write nothing.")] = False,
    select: Annotated[
        Codes, typer.Option("--select", help="Tell only of this code. Repeat for more.", show_default=False)
    ] = None,
    ignore: Annotated[
        Codes, typer.Option("--ignore", help="Do not tell of this code. Repeat for more.", show_default=False)
    ] = None,
    all_: Annotated[bool, typer.Option("--all", help="Notes too: SEG607, SEG611, SEG619, SEG620.")] = False,
    strict: Annotated[bool, typer.Option("--strict", help="Exit code 1 for warnings as well.")] = False,
    as_of: AsOf = None,
    format_: Annotated[
        Format, typer.Option("--format", help="text, json, github (annotations in CI), or sarif.")
    ] = Format.text,
    json: Json = False,
    no_color: NoColor = False,
    chdir: Chdir = HERE,
) -> int:
    """Find what is valid and probably not meant: contradictions, conditions without effect, missing values.

    Reads segctl.yaml and everything below segments/; asks no database. What is meant is said in the file, with a
    reason: `# segctl: ignore SEG613 new players count`, on the line, above it, or on top of the document.

    \b
    Examples:
      segctl lint
      segctl lint segments/lifecycle/dormant.yaml
      segctl lint --diff                  what --fix would change
      segctl lint --fix                   change it; comments stay
      segctl lint --select SEG607         segments within others
      segctl lint --strict --format github
    """
    from segctl.cli.console import out, say, style
    from segctl.cli.mistakes import shown
    from segctl.cli.options import instant
    from segctl.cli.session import opened
    from segctl.view.form import difference_text
    from segctl.view.lint import fixed_line, unused_line
    from segctl.workflow.lint import Wanted, file_names, known_codes, mend, write
    from segctl.workflow.lint import lint as lint_project

    loaded, now = opened(chdir), instant(as_of)
    named = file_names(loaded, [chdir / file for file in files or ()])
    wanted = Wanted(known_codes(select or ()), known_codes(ignore or ()), named, notes=all_)
    if fix or diff:
        mended = mend(loaded, now, wanted)
        if diff:
            names = mended.changed.keys()
            before, after, painted = loaded.texts(names), mended.loaded.texts(names), style(no_color=no_color)
            each = (difference_text(name, before[name], after[name], style=painted) for name in sorted(names))
            out("".join(each) or fixed_line(()))
            return 0
        write(mended, loaded)
        say(fixed_line(mended.changed))
        loaded, found = mended.loaded, mended.linted
    else:
        found = lint_project(loaded, now, wanted)
    form = Format.json if json else format_
    code = shown(found.diagnostics, loaded.texts, len(loaded.sources), form, no_color=no_color, outcome="")
    if form is Format.text and not wanted.files and (line := unused_line(found.unused_fields, found.fields)):
        say(line)
    return 1 if strict and found.diagnostics else code
