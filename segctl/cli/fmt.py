"""segctl fmt"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from segctl.cli.options import HERE, Chdir, NoColor

if TYPE_CHECKING:
    from segctl.base.diagnostic import Diagnostic
    from segctl.workflow.form import Forms

BUG = 3


def fmt(
    files: Annotated[
        list[Path] | None,
        typer.Argument(help="Files or folders; the whole project if left out.", show_default=False),
    ] = None,
    check: Annotated[
        bool, typer.Option("--check", help="Write nothing; exit code 1 if a file would change.")
    ] = False,
    diff: Annotated[
        bool, typer.Option("--diff", help="Write nothing; show the lines that would change, as they are.")
    ] = False,
    no_color: NoColor = False,
    chdir: Chdir = HERE,
) -> int:
    """Write documents in their one form, so that reviews show what was meant and nothing else.

    Keys stand in one order, two spaces make a level, dashes stand below their key. Comments stay with what they
    head; values and quotes stay as they are written, and nothing ever changes what a document says. Files with
    mistakes in their YAML are left alone and told.

    \b
    Examples:
      segctl fmt
      segctl fmt --check                  in CI: which files are not in form
      segctl fmt --diff segments/value    what would change in a folder
    """
    from segctl.cli.console import out, say, style
    from segctl.files.project import find_root
    from segctl.view.form import bug_text, changed_text, difference_text
    from segctl.workflow.form import forms, named_sources, project_sources, write_forms
    from segctl.workflow.load import root_of

    folder = chdir if files else root_of(chdir)
    sources, unreadable = (named_sources(folder, files), ()) if files else project_sources(folder)
    found = forms(sources)
    if not (check or diff):
        write_forms(folder, found.reformed)
    if diff and found.reformed:
        painted = style(no_color=no_color)
        out("".join(difference_text(one.file, one.before, one.after, style=painted) for one in found.reformed))
    names = [one.file for one in found.reformed]
    again = " ".join(["segctl fmt", *map(str, files or ())])
    told = changed_text(names, len(sources), written=not (check or diff), again=again)
    (say if diff else out)(told)
    if found.bugs:
        say(bug_text(found.bugs))
        return BUG
    left = _left(found, unreadable, find_root(folder), no_color=no_color)
    return 1 if left or (check and names) else 0


def _left(found: Forms, unreadable: tuple[Diagnostic, ...], root: Path | None, *, no_color: bool) -> bool:
    """Tells what could not be read, if anything."""
    from segctl.cli.mistakes import shown

    mistakes = (*unreadable, *found.left)
    if not mistakes:
        return False
    outcome = "These files were left alone."
    shown(
        mistakes,
        lambda names: found.texts(names, root),
        len(found.sources),
        "text",
        no_color=no_color,
        outcome=outcome,
    )
    return True
