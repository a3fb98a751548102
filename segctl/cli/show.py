"""segctl show"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from segctl.cli.options import HERE, Chdir, Env, Formatted, Json, NoColor, PlanFormat
from segctl.cli.session import context_of, opened


def show(
    what: Annotated[str, typer.Argument(help="A segment's name, an address such as rule.NAME, or a saved plan.")],
    form: Formatted = PlanFormat.text,
    json: Json = False,
    env: Env = None,
    no_color: NoColor = False,
    chdir: Chdir = HERE,
) -> int:
    """Show a deployed segment: what it is, who uses it, its versions, its rules in plain English. Or a saved plan.

    Rules, lists and guards are shown by their address, with everything that uses them.

    \b
    Examples:
      segctl show lapsed-depositors-de
      segctl show rule.active-depositor
      segctl show guard.marketing
      segctl show plans/2026-11-22-7c1d04e.json
      segctl show plans/2026-11-22-7c1d04e.json --format markdown
    """
    if what.endswith(".json") or os.path.isfile(what):  # noqa: PTH113 - a Path raises for what can be no file's name
        return _plan(Path(what), form=form, json=json, no_color=no_color)
    from segctl.workflow.show import SHARED

    kind, _, name = what.partition(".")
    if name and kind in SHARED:
        return _shared(what, json=json, env=env, no_color=no_color, chdir=chdir)
    return _segment(what.removeprefix("segment."), json=json, env=env, no_color=no_color, chdir=chdir)


def _plan(file: Path, *, form: PlanFormat, json: bool, no_color: bool) -> int:
    from segctl.cli.planning import read_saved, show_plan

    show_plan(
        read_saved(file),
        saved=None,
        json=json,
        no_color=no_color,
        then=f"To do exactly this:  segctl apply {file}",
        form=form,
    )
    return 0


def _shared(address: str, *, json: bool, env: str | None, no_color: bool, chdir: Path) -> int:
    from segctl.cli.console import out, style
    from segctl.view.data import json_text
    from segctl.view.shared import shared_text
    from segctl.workflow.show import page_data, shared, shared_page

    found = shared(context_of(opened(chdir), env), address)
    out(json_text(page_data(found)) if json else shared_text(shared_page(found), style=style(no_color=no_color)))
    return 0


def _segment(name: str, *, json: bool, env: str | None, no_color: bool, chdir: Path) -> int:
    from segctl.cli.console import out, style
    from segctl.view.data import json_text
    from segctl.view.segment import segment_text
    from segctl.workflow.show import page, page_data, shown

    loaded = opened(chdir)
    found = shown(context_of(loaded, env), name)
    out(json_text(page_data(found)) if json else segment_text(page(found, loaded), style=style(no_color=no_color)))
    return 0
