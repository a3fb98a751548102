"""What `plan` and `apply` share: making a plan, showing it, saving it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from segctl.base.errors import Mistakes, Refused
from segctl.cli.console import out, say, style
from segctl.cli.options import PlanFormat
from segctl.cli.progress import watched
from segctl.files.atomic import write_text
from segctl.files.commit import commit_of
from segctl.plan.document import Plan
from segctl.plan.seal import as_text, read_plan
from segctl.workflow.context import Context
from segctl.workflow.load import Loaded
from segctl.workflow.look import empty_plan, look

if TYPE_CHECKING:  # evaluating needs heavy libraries, which a plan without changes does not load
    from segctl.base.commit import Commit
    from segctl.plan.compare import Step
    from segctl.workflow.based import Base
    from segctl.workflow.difference import Difference
    from segctl.workflow.plan import Planned
    from segctl.workflow.promote import Held

APPLY = "To make it real:  segctl apply"


@dataclass(frozen=True, slots=True)
class Made:
    """A plan; `evaluated` is None when nothing changes, since nothing was asked then."""

    plan: Plan
    evaluated: Planned | None


def made_plan(context: Context, loaded: Loaded, base: Base | None = None, *, quiet: bool = False) -> Made:
    """The plan of a project now; with a `base`, of what differs from it alone. Raises: Mistakes, Refused."""
    commit, against = commit_of(loaded.root), base.commit if base else None
    seen = look(context, loaded)
    if seen is not None and seen.agree:
        return Made(empty_plan(context, loaded, seen.lineage, seen.serial, commit, against), None)
    from segctl.workflow.difference import difference

    found = difference(context, loaded, seen)
    only = found.steps
    if base is not None:
        from segctl.workflow.based import differing

        only = differing(context, found, base)
    return _evaluated(context, loaded, found, commit, only, against, quiet=quiet)


def promoted_plan(
    first: Context, second: Context, loaded: Loaded, names: Sequence[str]
) -> tuple[Made, tuple[Held, ...]]:
    """The plan of the second environment for what the first has tried, and what is held back."""
    from segctl.workflow.difference import difference
    from segctl.workflow.promote import promoted, tried

    commit, seen = commit_of(loaded.root), tried(first, loaded)
    found = difference(second, loaded)
    steps, held = promoted(second, found, seen, names)
    return _evaluated(second, loaded, found, commit, steps, None), held


def _evaluated(
    context: Context,
    loaded: Loaded,
    found: Difference,
    commit: Commit | None,
    steps: Sequence[Step],
    against: str | None,
    *,
    quiet: bool = False,
) -> Made:
    """The plan of some steps of a difference. Raises: Refused, where who asks may not see them."""
    if not steps:
        from segctl.workflow.difference import unchanged

        return Made(unchanged(context, loaded, found, commit, against), None)
    from segctl.workflow.permitted import refuse_denied
    from segctl.workflow.plan import planned

    with watched(context, quiet=quiet) as watching:
        made = planned(watching, loaded, found, commit, steps, against)
    refuse_denied(context, made.plan, "plan")
    return Made(made.plan, made)


@contextmanager
def mistaken(loaded: Loaded, *, no_color: bool, json: bool) -> Iterator[None]:
    """Shows the mistakes that keep a project from being planned, and ends the command."""
    try:
        yield
    except Mistakes as mistakes:
        from segctl.cli.mistakes import shown

        shown(
            mistakes.diagnostics,
            loaded.texts,
            len(loaded.sources),
            "json" if json else "text",
            no_color=no_color,
            outcome="Nothing was planned.",
        )
        raise typer.Exit(1) from None


def save(plan: Plan, target: str) -> str:
    """Writes a plan to a file, or into a folder under its date and digest. Gives its name for people.

    A folder is what is one already, or what ends with `/`.
    """
    path = Path(target)
    if target.endswith("/") or path.is_dir():
        path /= f"{plan.as_of[:10]}-{plan.id[:7]}.json"
    write_text(path, as_text(plan))
    return str(path)


def read_saved(file: Path) -> Plan:
    """A saved plan. Raises: Refused."""
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise Refused(f"{file} cannot be read as a plan.", "Saved plans: ls plans/") from error
    return read_plan(text, str(file))


def _formed(plan: Plan, form: PlanFormat, after: str) -> str:
    """The plan for programs and for comments."""
    if form is PlanFormat.markdown:
        from segctl.view.markdown import markdown

        command = after.partition(":  ")[2]
        return markdown(plan, then=[command] if command else [])
    if form is PlanFormat.github:
        from segctl.view.annotations import plan_annotations

        return plan_annotations(plan)
    return as_text(plan)


def show_plan(
    plan: Plan,
    *,
    saved: str | None,
    json: bool,
    no_color: bool,
    then: str = APPLY,
    form: PlanFormat = PlanFormat.text,
    many: int = 0,
) -> None:
    """Prints a plan, with what to type next; `many` messages of webhooks have to be agreed to."""
    from segctl.view.plan import allowing, plan_text
    from segctl.view.plan import saved as saved_words

    after = saved_words(saved, plan) if saved else ("" if plan.empty or not then else then + allowing(plan))
    if json or form is not PlanFormat.text:
        out(_formed(plan, PlanFormat.json if json else form, after))
        if saved:
            say(after)
        return
    if many and after:
        after += f"\nThe edits would send {many:,} webhook messages: apply with --webhooks, or --no-webhooks."
    out(plan_text(plan, then=after, style=style(no_color=no_color)))
