"""segctl audit prove, segctl audit check-proof"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from segctl.base.errors import Refused
from segctl.cli.evidence import Anchors, Key, Origin, PublicKey, anchors_in, private_key, public_key
from segctl.cli.options import HERE, Chdir, Env, Json, NoColor
from segctl.cli.session import context_of, opened

if TYPE_CHECKING:
    from segctl.evidence.anchor import Anchor
    from segctl.evidence.proof import Proof
    from segctl.view.proof import Proven


def prove(
    seq: Annotated[int, typer.Argument(metavar="SEQ", help="The row's number in the log.", show_default=False)],
    anchor: Annotated[
        Path | None,
        typer.Option("--anchor", metavar="FILE", help="Prove it at this checkpoint, instead of the log as it is."),
    ] = None,
    key: Key = None,
    origin: Origin = None,
    saved_to: Annotated[
        Path | None, typer.Option("--out", "-o", metavar="FILE", help="Write it to this file.")
    ] = None,
    env: Env = None,
    chdir: Chdir = HERE,
) -> int:
    """Write a proof that one row stands in the log: the row, its path in the Merkle tree, and a checkpoint (JSON).

    It shows nothing of other rows. `segctl audit check-proof` checks it without a database.

    \b
    Examples:
      segctl audit prove 42 -o row-42.json
      segctl audit prove 42 --anchor audit/production/000000050.checkpoint -o row-42.json
    """
    from segctl.cli.console import out
    from segctl.evidence.proof import proof_data
    from segctl.files.atomic import write_text
    from segctl.view.data import json_text
    from segctl.workflow.evidence import proof

    if anchor is not None and (key is not None or origin is not None):
        raise Refused("--anchor brings a checkpoint; it is neither signed nor named again.", "Leave out --anchor.")
    at = anchors_in(chdir, [anchor])[0] if anchor else None
    found = proof(context_of(opened(chdir), env), seq, at, origin, private_key(chdir, key))
    text = json_text(proof_data(found))
    if saved_to is None:
        out(text)
    else:
        write_text(chdir / saved_to, text)
        wrote = f"Wrote {chdir / saved_to}: row {seq:,} of {found.checkpoint.size:,}."
        out(f"{wrote}  segctl audit check-proof {saved_to}")
    return 0


def check_proof(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The proof.", show_default=False)],
    anchor: Anchors = None,
    public: PublicKey = None,
    json: Json = False,
    no_color: NoColor = False,
    chdir: Chdir = HERE,
) -> int:
    """Check a proof that one row stands in a log. Needs no database, no project and no network.

    Alone it shows that row, path and checkpoint fit together; that the checkpoint is the log's, an anchor or a key
    shows. Exit code 1 when anything does not fit.

    \b
    Examples:
      segctl audit check-proof row-42.json
      segctl audit check-proof row-42.json --anchor audit/production/000000050.checkpoint
      segctl audit check-proof row-42.json --public-key audit.key.pub
    """
    from segctl.cli.console import out, style
    from segctl.view.data import json_text
    from segctl.view.proof import proven_text

    found = _read(chdir / file)
    anchors = anchors_in(chdir, anchor or [])
    proven = _proven(found, anchors, public_key(chdir, public))
    if json:
        out(json_text(_data(proven, found)))
    else:
        out(proven_text(proven, style=style(no_color=no_color)))
    return 1 if proven.problems else 0


def _read(file: Path) -> Proof:
    from segctl.evidence.proof import MAX_PROOF_BYTES, read_proof
    from segctl.files.keys import read_evidence

    try:
        return read_proof(read_evidence(file, MAX_PROOF_BYTES))
    except ValueError as error:
        raise Refused(f"{file} is not a proof: {error}.", "Make one: segctl audit prove SEQ -o FILE") from error


def _proven(found: Proof, anchors: list[Anchor], public: bytes | None) -> Proven:
    from segctl.evidence.anchor import Anchor
    from segctl.evidence.proof import agrees, holds
    from segctl.view.proof import Proven
    from segctl.workflow.anchors import signed_by

    at = found.checkpoint
    problems = [] if holds(found) else ["the row, its path and the root of the checkpoint do not fit together"]
    for one in anchors:
        if one.checkpoint.size != at.size:
            raise Refused(
                f"{one.name} is of {one.checkpoint.size:,} rows, the proof of {at.size:,}: nothing to compare.",
                f"segctl audit prove {found.row['seq']} --anchor {one.name} -o FILE",
            )
        if not agrees(found, one):
            problems.append(f"the checkpoint of the proof is not that of {one.name}")
        if not signed_by(one, public):
            problems.append(f"{one.name} is not signed by the key that was given")
    signed = public is not None and signed_by(Anchor("proof", found.note, at), public)
    if public is not None and not signed and not anchors:
        problems.append("the checkpoint is not signed by the key that was given")
    fields = tuple((name, str(value)) for name, value in found.row.items() if value is not None and name != "seq")
    return Proven(
        found.row["seq"], fields, at.origin, at.size, tuple(problems), tuple(one.name for one in anchors), signed
    )


def _data(proven: Proven, found: Proof) -> dict[str, object]:
    return {
        "holds": not proven.problems,
        "anchored": not proven.problems and bool(proven.anchors or proven.signed),
        "origin": proven.origin,
        "size": proven.size,
        "row": dict(found.row),
        "problems": list(proven.problems),
    }
