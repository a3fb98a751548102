"""segctl audit checkpoint, segctl audit keygen"""

from __future__ import annotations

from base64 import b64encode
from pathlib import Path
from typing import Annotated

import typer

from segctl.cli.evidence import Key, Origin, private_key
from segctl.cli.options import HERE, Chdir, Env, Json
from segctl.cli.session import context_of, opened


def checkpoint(
    key: Key = None,
    origin: Origin = None,
    saved_to: Annotated[
        str | None,
        typer.Option("--out", "-o", metavar="FILE", help="Write it to this file, or into a folder: audit/dev/"),
    ] = None,
    json: Json = False,
    env: Env = None,
    chdir: Chdir = HERE,
) -> int:
    """Print a checkpoint of the log (C2SP tlog-checkpoint): its name, its rows, the root of its Merkle tree.

    Keep it where who owns the state cannot write: in git, in a CI artifact. `segctl audit verify` holds the log
    against it. Refused when the log is not intact, or does not go on from the checkpoints in the same place.

    \b
    Examples:
      segctl audit checkpoint
      segctl audit checkpoint -o audit/production/ --env production
      segctl audit checkpoint --key audit.key --origin example.com/segctl/production
    """
    from segctl.cli.console import out
    from segctl.evidence.checkpoint import checkpoint_of
    from segctl.evidence.note import note_text
    from segctl.files.atomic import write_text
    from segctl.view.data import json_text
    from segctl.workflow.anchors import SUFFIX, earlier
    from segctl.workflow.evidence import checkpoint as made_checkpoint

    target = None if saved_to is None else chdir / saved_to
    before = [] if target is None else earlier(target)
    note = made_checkpoint(context_of(opened(chdir), env), origin, private_key(chdir, key), before)
    made, text = checkpoint_of(note), note_text(note)
    if target is not None and saved_to is not None:
        if saved_to.endswith("/") or target.is_dir():
            target /= f"{made.size:09d}{SUFFIX}"
        write_text(target, text)
    if json:
        root = b64encode(made.root).decode()
        told = {"origin": made.origin, "size": made.size, "root": root, "signed": key is not None}
        out(json_text({**told, "checkpoint": text}))
    elif target is None:
        out(text)
    else:
        out(f"Wrote {target}: {made.size:,} rows. Keep it where who owns the state cannot write, e.g. in git.")
    return 0


def keygen(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Where the private key goes.", show_default=False)],
    chdir: Chdir = HERE,
) -> int:
    """Make an ed25519 key that signs checkpoints: FILE, for its owner alone, and FILE.pub for who verifies.

    The same as `openssl genpkey -algorithm ed25519` and `openssl pkey -pubout`. Overwrites nothing.

    \b
    Examples:
      segctl audit keygen audit.key
    """
    from segctl.cli.console import out
    from segctl.evidence.ed25519 import new_key, public_key
    from segctl.files.keys import write_new_key

    private = new_key()
    beside = write_new_key(chdir / file, private, public_key(private))
    out(f"Wrote {chdir / file}, which signs: keep it out of git, and out of reach of who owns the state.")
    out(f"Wrote {beside}, which verifies: give it to everyone.")
    return 0
