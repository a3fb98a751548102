"""A plan as annotations of a GitHub workflow run: each hazard, and each change, beside its line in the file."""

from __future__ import annotations

from collections.abc import Iterator

from segctl.plan.document import Change, Hazard, Plan
from segctl.plan.hazards import word
from segctl.view.change import rows
from segctl.view.diagnostics_data import github_command
from segctl.view.figures import count, moved
from segctl.view.hazards import hazard_text
from segctl.view.plan import summary


def plan_annotations(plan: Plan) -> str:
    """One command a line: hazards as errors until they are allowed, changes as notices, then the summary."""
    return "".join(f"{line}\n" for line in _commands(plan))


def _commands(plan: Plan) -> Iterator[str]:
    changes = {change.address: change for change in plan.changes}
    for one in plan.hazards:
        level, after = ("notice", f"Allowed by {one.allowed}.") if one.allowed else ("error", _allow(one))
        yield github_command(
            level, _place(changes.get(one.address), f"{one.code} {one.name}"), (hazard_text(one), after)
        )
    for row in rows(plan.changes, ()):
        if row.change is not None and row.change.file is not None:
            yield github_command(
                "notice", _place(row.change, f"{row.symbol} {row.name}"), (row.what, *_numbers(row.change))
            )
    yield github_command("notice", {"title": "segctl plan"}, (summary(plan),))


def _allow(one: Hazard) -> str:
    return f"If it is meant: --allow {word(one)}"


def _place(change: Change | None, title: str) -> dict[str, str]:
    if change is None or change.file is None:
        return {"title": title}
    return {"file": change.file, "line": str(change.line or 1), "title": title}


def _numbers(change: Change) -> Iterator[str]:
    if change.impact is not None:
        one = change.impact
        yield f"{count(one.before)} → {count(one.after)} players ({moved(one.joining, one.leaving)})"
