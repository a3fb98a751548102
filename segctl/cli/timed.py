"""`--timings`: a clock for a run, and where its time went, on stderr so that results stay alone on stdout."""

from __future__ import annotations

from typing import Annotated

import typer

from segctl.base.timings import Timings
from segctl.cli.console import say

TimingsOption = Annotated[
    bool, typer.Option("--timings", help="Tell on stderr where the time went, by stage and by segment.")
]


def tell(timings: Timings, *, wanted: bool, json: bool) -> None:
    """Where the time went, for people or for programs, if it is wanted."""
    if wanted:
        from segctl.view.data import json_text
        from segctl.view.timings import timings_data, timings_text

        say(json_text(timings_data(timings)) if json else timings_text(timings))
