"""Approvals of plans: made by whoever is asked, kept beside the plans, read again where a plan is applied."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from segctl.base.errors import Refused
from segctl.evidence.ed25519 import is_signed, signed
from segctl.evidence.note import MAX_NOTE_BYTES, Note, is_key_name, note_text, read_note
from segctl.files.atomic import write_text
from segctl.files.keys import read_evidence
from segctl.model.policy import Policies
from segctl.plan.approval import Approval, approval_text, read_approval
from segctl.plan.document import Plan, totals
from segctl.plan.policy import Given
from segctl.store.instant import as_text
from segctl.workflow.context import Context

FOLDER: Final = "plans/approvals"
SUFFIX: Final = ".approval"
_MOST_PERCENT: Final = 100.0


def approve(
    context: Context, plan: Plan, *, reason: str, tolerance: float, key: bytes | None
) -> tuple[Path, Approval]:
    """Writes the approval of who asks beside the plans and gives its place. Raises: Refused."""
    who, ci = context.author.known_as, context.author.detail.get("ci")
    if ci and not who.startswith(f"{ci['system']}:"):
        ci = None  # it runs the job, and says of nobody that they did
    if not who:
        raise Refused(
            "Nobody knows who approves: git has no e-mail address here.",
            "Say who you are: git config user.email NAME@EXAMPLE.ORG",
        )
    if plan.empty:
        raise Refused(
            "The plan changes nothing, so there is nothing to approve.", "Plan again: segctl plan -o plans/"
        )
    if who.casefold() in plan.authors:
        raise Refused(f"{who} made these changes, and nobody approves changes of their own.", "Ask somebody else.")
    if not 0 <= tolerance <= _MOST_PERCENT:
        raise Refused(f"A tolerance of {tolerance:g} % is none.", "Write --tolerance 0 to 100.")
    sums = totals(plan)
    approval = Approval(
        plan.intent,
        plan.id,
        plan.environment,
        who,
        as_text(context.at),
        sums.joining,
        sums.leaving,
        tolerance,
        reason,
        ci,
    )
    note = Note(approval_text(approval))
    if key is not None:
        note = _signed(note, key, who)
    path = context.root / FOLDER / f"{plan.intent[:12]}-{_slug(who)}{SUFFIX}"
    write_text(path, note_text(note))
    return path, approval


def given(root: Path, files: Sequence[Path], policies: Policies) -> tuple[Given, ...]:
    """The approvals that are kept beside the plans, and those in files. Raises: Refused."""
    kept = sorted((root / FOLDER).glob(f"*{SUFFIX}"))
    return tuple(_given(root, file, policies) for file in dict.fromkeys((*kept, *files)))


def _given(root: Path, file: Path, policies: Policies) -> Given:
    name = str(file.relative_to(root)) if file.is_relative_to(root) else str(file)
    try:
        note = read_note(read_evidence(file, MAX_NOTE_BYTES))
        approval = read_approval(note.text)
    except (ValueError, RecursionError) as error:
        raise Refused(f"{name} cannot be read as an approval: {error}.", "Remove it, or approve again.") from error
    keys = _keys(policies, approval.by) if note.signatures else iter(())
    return Given(approval, name, any(_holds(root, note, key, approval) for key in keys))


def _keys(policies: Policies, by: str) -> Iterator[str]:
    return (file for person, file in policies.keys.items() if person.casefold() == by.casefold())


def _holds(root: Path, note: Note, key: str, approval: Approval) -> bool:
    public = read_evidence(root / key, MAX_NOTE_BYTES)
    try:
        return is_signed(note, public, approval.by)
    except ValueError as error:
        raise Refused(
            f"{key}, the key of {approval.by}, cannot be used: {error}.", "Mend it in segctl.yaml."
        ) from error


def _signed(note: Note, key: bytes, name: str) -> Note:
    if not is_key_name(name):
        raise Refused(
            f"`{name}` cannot sign: the name of a key has no spaces and no `+`.", "Approve without --key."
        )
    try:
        return signed(note, key, name)
    except ValueError as error:
        raise Refused(f"The key cannot be used: {error}.", "Make one: segctl audit keygen FILE") from error


def _slug(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", name.casefold()).strip("-")[:60] or "somebody"
