"""A plan as a person reads it: what would change, to how many players, and what to type next."""

from __future__ import annotations

from collections.abc import Iterator

from segctl.plan.document import Plan, totals
from segctl.view.approvals import need_text
from segctl.view.change import rows
from segctl.view.columns import Layout, shown_row
from segctl.view.details import details
from segctl.view.figures import count, counted, moment, short
from segctl.view.hazards import hazard_lines, permissions
from segctl.view.safe import safe
from segctl.view.speech import Speech
from segctl.view.style import PLAIN, Style

WIDTH = 100
# A first plan brings a whole library; its reader wants the list.
MOST_IN_FULL = 12


def plan_text(plan: Plan, *, then: str = "", style: Style = PLAIN, width: int = WIDTH) -> str:
    """The whole plan. `then` is what stands below the summary: where it was saved, the next command."""
    parts = [header(plan), ""]
    if not plan.empty:
        parts += [*_body(plan, style, width), ""]
    if plan.hazards:
        parts += [*hazard_lines(plan.hazards, style, width), ""]
    if plan.needs:
        parts += ["  Approvals needed", *(f"    {safe(need_text(one))}" for one in plan.needs), ""]
    parts.append(summary(plan))
    if then:
        parts.append(then)
    return "\n".join(parts) + "\n"


def header(plan: Plan) -> str:
    """What the plan was made from."""
    commit = plan.commit
    source = f"commit {safe(short(commit.id))} ({'dirty' if commit.dirty else 'clean'})" if commit else "no commit"
    source += f" · against {safe(short(plan.against))}" if plan.against else ""
    as_of = moment(plan.as_of, seconds=True)
    return f"{safe(plan.environment)} · state {plan.serial} · as of {safe(as_of)} · {source}"


def summary(plan: Plan) -> str:
    """The line that other programs may read; a number that is 0 is left out."""
    if plan.empty:
        return f"No changes. {counted(plan.declared, 'segment is', 'segments are')} as declared."
    sums = totals(plan)
    actions = (
        (sums.create, "create"),
        (sums.update, "update"),
        (sums.replace, "replace"),
        (sums.rename, "rename"),
        (sums.archive, "archive"),
    )
    players = [f"+{count(sums.joining)} joining"] if sums.joining else []
    players += [f"-{count(sums.leaving)} leaving"] if sums.leaving else []
    told = ", ".join(f"{count(number)} to {action}" for number, action in actions if number)
    messages = f" Webhooks: {counted(sums.messages, 'message')}." if sums.messages else ""
    return f"Plan: {told}." + (f" Players: {', '.join(players)}." if players else "") + messages


def saved(file: str, plan: Plan) -> str:
    """What to say below a plan that was saved."""
    told = allowing(plan)
    return f"Saved {safe(file)}. To do exactly this:  segctl apply {safe(file)}{told}"


def allowing(plan: Plan) -> str:
    """What a command that applies the plan must say more, if its hazards are meant."""
    told = permissions(plan.hazards)
    return f" {safe(told)}" if told else ""


def _body(plan: Plan, style: Style, width: int) -> Iterator[str]:
    told = rows(plan.changes, plan.secondary)
    layout = Layout.of(told, width)
    speech = Speech(plan.fields, plan.currency)
    new = [change for change in plan.changes if change.kind == "segment" and change.before is None]
    for row in told:
        yield from shown_row(row, layout, style)
        yield from details(row, speech, style, width, in_full=len(new) <= MOST_IN_FULL)
