"""segctl status"""

from __future__ import annotations

from typing import TYPE_CHECKING

from segctl.cli.options import HERE, Chdir, Env, Json, NoColor
from segctl.cli.session import context_of, opened

if TYPE_CHECKING:
    from segctl.view.lateness import Lateness
    from segctl.workflow.late import Late

LATE = 1


def status(json: Json = False, env: Env = None, no_color: NoColor = False, chdir: Chdir = HERE) -> int:
    """Show which segments are staler than their `schedule` allows, and why.

    Exit code 0 if nothing is late and no duty of the workers fails, else 1: a check for monitors. A webhook that
    is down is no failure here: segctl webhooks list.

    \b
    Examples:
      segctl status --env production
      segctl status --json
    """
    from segctl.cli.console import out, style
    from segctl.view.data import json_text
    from segctl.view.lateness import lateness_data, lateness_text
    from segctl.workflow.late import late

    context = context_of(opened(chdir), env)
    known = _lateness(context.environment, late(context))
    out(json_text(lateness_data(known)) if json else lateness_text(known, style=style(no_color=no_color)))
    return 0 if known.well else LATE


def _lateness(environment: str, found: Late) -> Lateness:
    from segctl.model.canonical_rule import duration_text
    from segctl.store.duties import Duty
    from segctl.view.lateness import Failing, Lateness, LateRow
    from segctl.workflow.duty import REFRESH

    refresh = found.duties.get(REFRESH, Duty(REFRESH))
    rows = [
        LateRow(
            one.name,
            duration_text(one.schedule),
            one.as_of,
            found.late[one.name].total_seconds(),
            one.refreshed,
        )
        for one in found.segments
        if one.schedule is not None and one.name in found.late
    ]
    failing = [
        Failing(one.name, one.outcome or "", one.failing_since or found.at, one.failures, one.next_at)
        for one in found.failing
    ]
    return Lateness(
        environment=environment,
        at=found.at,
        late=sorted(rows, key=lambda one: (-one.late_seconds, one.name)),
        scheduled=sum(one.schedule is not None for one in found.segments),
        why=found.why,
        seen_at=found.seen_at,
        refreshed_at=refresh.done_at,
        seconds=refresh.milliseconds / 1000,
        failing=failing,
        waiting=found.waiting,
        oldest=found.oldest,
    )
