"""segctl test"""

from __future__ import annotations

import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from segctl.base.errors import Refused
from segctl.cli.options import HERE, Chdir, Json, NoColor
from segctl.cli.session import opened

if TYPE_CHECKING:
    from collections.abc import Sequence

    from segctl.model.covered import Coverage
    from segctl.model.tried import Tally
    from segctl.view.speech import Speech
    from segctl.view.style import Style
    from segctl.workflow.load import Loaded

INIT = "init"

Files = Annotated[
    list[str] | None,
    typer.Argument(
        help="Test files or folders; all of the project if left out. Or: init SEGMENT.", metavar="FILE"
    ),
]
Pattern = Annotated[
    str | None,
    typer.Option("--filter", help="Only tests whose segment, file or title, or whose players' names match (* ?)."),
]
Junit = Annotated[Path | None, typer.Option("--junit-xml", help="Write a report for CI systems to this file.")]
Least = Annotated[
    int | None,
    typer.Option("--coverage-min", help="Exit with 1 where a tested segment is covered less (%).", min=0, max=100),
]
Out = Annotated[Path | None, typer.Option("--out", "-o", help="Of init: the file to write; stdout if left out.")]
Covering = Annotated[bool, typer.Option("--coverage", help="Tell which conditions the tests do not hold.")]


def run_tests(
    files: Files = None,
    filter_: Pattern = None,
    base: Annotated[
        str | None,
        typer.Option("--base", metavar="REF", help="Only tests that what differs from this commit may change."),
    ] = None,
    coverage: Covering = False,
    coverage_min: Least = None,
    junit_xml: Junit = None,
    out: Out = None,
    json: Json = False,
    no_color: NoColor = False,
    chdir: Chdir = HERE,
) -> int:
    """Run the segment tests of the project: made-up players, instants, and who is expected in and out.

    Tests are documents of `kind: SegmentTest`, below segments/. They run on the oracle and on DuckDB, and need
    no warehouse. Exit code 1 if one fails. `segctl test init SEGMENT` proposes a test with a player at each
    threshold.

    \b
    Examples:
      segctl test
      segctl test segments/value --filter 'vip*'
      segctl test --base origin/main        only what this branch may change
      segctl test --coverage --coverage-min 90
      segctl test --junit-xml report.xml
      segctl test init vip -o segments/value/vip.test.yaml
    """
    loaded = opened(chdir, tests=True)
    if loaded.failed:
        from segctl.cli.mistakes import shown

        form, count = "json" if json else "text", len(loaded.sources)
        outcome = "Nothing was tested."
        return shown(loaded.diagnostics, loaded.texts, count, form, no_color=no_color, outcome=outcome)
    words = list(files or ())
    if words[:1] == [INIT]:
        return _init(loaded, words[1:], out)
    if out is not None:
        raise Refused("--out belongs to init.", "segctl test init SEGMENT -o FILE")
    from segctl.cli.console import style
    from segctl.workflow.show import speech
    from segctl.workflow.testing import chosen, covered, stage_of, tally_of

    started = time.monotonic()
    stage = stage_of(loaded)
    may = None
    if base is not None:
        from segctl.workflow.touched import touched

        may = touched(loaded, base)
    tests = chosen(loaded, [Path(word) for word in words], filter_, may)
    run = tally_of(stage, tests, loaded.project.tests.segments)
    found = covered(run) if coverage or coverage_min is not None else None
    seconds = time.monotonic() - started
    talk = speech(stage.catalog)
    if junit_xml is not None:
        _report(run, talk, junit_xml, seconds)
    _show(run, found, talk, seconds, json=json, style=style(no_color=no_color))
    return 0 if run.passed and _enough(found, coverage_min) else 1


def _show(
    run: Tally, found: Sequence[Coverage] | None, talk: Speech, seconds: float, *, json: bool, style: Style
) -> None:
    from segctl.cli.console import out, shows_symbols
    from segctl.view.coverage import coverage_text
    from segctl.view.data import json_text
    from segctl.view.tried import ASCII, Marks, tried_text
    from segctl.view.tried_data import tried_data

    if json:
        out(json_text(tried_data(run, found, seconds=seconds)))
        return
    if found:
        out(coverage_text(found, talk, style) + "\n")
    out(tried_text(run, talk, seconds=seconds, marks=Marks() if shows_symbols() else ASCII, style=style))


def _report(run: Tally, talk: Speech, path: Path, seconds: float) -> None:
    from segctl.view.tried_data import junit_xml

    _write(path, junit_xml(run, talk, seconds=seconds))


def _enough(found: Sequence[Coverage] | None, least: int | None) -> bool:
    from segctl.cli.console import say

    short = [one for one in found or () if least is not None and one.percent < least]
    if short:
        say(f"{', '.join(one.segment for one in short)}: covered less than {least} %.  (segctl test --coverage)")
    return not short


def _init(loaded: Loaded, words: Sequence[str], path: Path | None) -> int:
    from segctl.cli.console import out, say
    from segctl.workflow.propose import proposed

    if len(words) != 1:
        raise Refused("init takes the name of one segment.", "segctl test init SEGMENT")
    at = datetime.now(UTC).replace(hour=12, minute=0, second=0, microsecond=0)
    text = proposed(loaded, words[0], at)
    if path is None:
        out(text)
        return 0
    if path.exists():
        raise Refused(f"{path} exists already.", "Choose another file, or print to the terminal: leave out -o.")
    _write(path, text)
    say(f"Wrote {path}. Look at what it expects, then:  segctl test {path}")
    return 0


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise Refused(f"{path} cannot be written: {error.strerror}.", "Choose another file.") from error
