"""segctl audit verify"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from segctl.base.errors import Refused
from segctl.cli.door import FAILED, OK, UNANCHORED
from segctl.cli.evidence import Anchors, PublicKey, anchors_in, given, public_key
from segctl.cli.options import HERE, Chdir, Env, Json, NoColor
from segctl.cli.session import context_of, opened

if TYPE_CHECKING:
    from segctl.workflow.context import Context
    from segctl.workflow.evidence import Verification


def verify(
    anchor: Anchors = None,
    from_git: Annotated[
        str | None,
        typer.Option(
            "--from-git",
            metavar="REF",
            help="Read anchors as committed at this ref: audit/ENV/*.checkpoint, or the files of --anchor.",
        ),
    ] = None,
    require_anchor: Annotated[
        bool, typer.Option("--require-anchor", help="Exit 4 when the log is intact and no anchor was checked.")
    ] = False,
    public: PublicKey = None,
    file: Annotated[
        Path | None,
        typer.Option("--file", metavar="FILE", help="Check an export of the log instead of the state."),
    ] = None,
    json: Json = False,
    env: Env = None,
    no_color: NoColor = False,
    chdir: Chdir = HERE,
) -> int:
    """Check that the log is whole, that the definitions are those it tells of, and that anchors agree.

    Without an anchor a log can be intact and still written anew from its first row. Exit codes: 0 intact, and
    every anchor agrees; 1 not intact, naming every bad row; 4 intact, not anchored, where --require-anchor asks.

    \b
    Examples:
      segctl audit verify
      segctl audit verify --from-git origin/main --require-anchor
      segctl audit verify --anchor checkpoint.txt --public-key audit.key.pub
      segctl audit verify --file audit.jsonl --anchor checkpoint.txt
    """
    asked = anchor or []
    then = ""
    if file is not None:
        if from_git is not None:
            raise Refused("--file needs no project, and --from-git does.", "Use --anchor FILE")
        found = _of_export(chdir, file, asked, public)
    else:
        context = context_of(opened(chdir), env)
        then = f"segctl audit checkpoint -o audit/{context.environment}/"
        found = _of_state(context, chdir, asked, from_git, public)
    _print(found, then, signed=public is not None, json=json, no_color=no_color)
    if found.findings:
        return FAILED
    return UNANCHORED if require_anchor and not found.anchored else OK


def _of_state(
    context: Context, chdir: Path, asked: list[Path], from_git: str | None, public: Path | None
) -> Verification:
    from segctl.workflow.anchors import anchors, committed
    from segctl.workflow.evidence import verification

    paths, read = given(chdir, asked)
    if from_git is None:
        found = anchors(paths)
    else:
        _, found = committed(context.root, context.environment, from_git, paths)
    return verification(context, [*found, *read], public_key(chdir, public))


def _of_export(chdir: Path, file: Path, asked: list[Path], public: Path | None) -> Verification:
    from segctl.workflow.exported import export_verification

    try:
        with (chdir / file).open("rb") as lines:
            return export_verification(lines, anchors_in(chdir, asked), public_key(chdir, public))
    except OSError as error:
        raise Refused(f"{file} cannot be read: {error.strerror}.", "segctl audit export -o FILE") from error


def _print(found: Verification, then: str, *, signed: bool, json: bool, no_color: bool) -> None:
    from segctl.cli.console import out, style
    from segctl.view.audit import Anchored, Found, verification_text
    from segctl.view.data import json_text

    told = [Found(one.problem, one.detail, one.seq, one.address, one.last) for one in found.findings]
    if json:
        out(json_text(_data(found)))
        return
    agree = sum(one.verdict == "agrees" and one.size > 0 for one in found.anchors)
    anchored = Anchored(agree, found.anchored, signed)
    out(verification_text(told, found.rows, found.head, anchored, then=then, style=style(no_color=no_color)))


def _data(found: Verification) -> dict[str, object]:
    return {
        "rows": found.rows,
        "head": found.head,
        "intact": not found.findings,
        "anchored_rows": found.anchored,
        "anchors": [
            {
                "name": one.anchor.name,
                "origin": one.anchor.checkpoint.origin,
                "size": one.size,
                "verdict": one.verdict,
            }
            for one in found.anchors
        ],
        "findings": [
            {
                "problem": one.problem,
                "detail": one.detail,
                "seq": one.seq,
                "last": one.last if one.last is not None else one.seq,
                "address": one.address,
            }
            for one in found.findings
        ],
    }
