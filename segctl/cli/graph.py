"""segctl graph"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from segctl.cli.options import HERE, Chdir, Env
from segctl.cli.where_used import OfDeployed, uses_of


def graph(
    names: Annotated[
        list[str] | None,
        typer.Argument(
            help="Only these, what they use and who uses them.", show_default=False, metavar="[NAME]..."
        ),
    ] = None,
    form: Annotated[Literal["mermaid", "dot"], typer.Option("--format", help="mermaid or dot.")] = "mermaid",
    saved_to: Annotated[Path | None, typer.Option("--out", "-o", help="Write to this file.")] = None,
    deployed: OfDeployed = False,
    env: Env = None,
    chdir: Chdir = HERE,
) -> int:
    """Draw segments, rules, lists and guards, and who uses whom, for Mermaid or Graphviz.

    Arrows lead from who uses to what is used. The same project gives the same text.

    \b
    Examples:
      segctl graph
      segctl graph vip rule.active-depositor
      segctl graph --format dot -o segments.dot
    """
    from segctl.cli.console import out
    from segctl.files.atomic import write_text
    from segctl.view.graph import dot, mermaid
    from segctl.workflow.graph import graph as drawn

    found = drawn(uses_of(chdir, env, deployed=deployed), names or ())
    text = (dot if form == "dot" else mermaid)(found.nodes, found.edges)
    if saved_to is None:
        out(text)
    else:
        write_text(saved_to, text)
        out(f"Wrote {saved_to}: {len(found.nodes):,} objects, {len(found.edges):,} uses.")
    return 0
