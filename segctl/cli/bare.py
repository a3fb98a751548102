"""What `segctl` alone shows: the state of things, and what to do next."""

from __future__ import annotations

from segctl.cli.console import out, style
from segctl.cli.options import HERE
from segctl.cli.session import context_of
from segctl.files.project import find_root
from segctl.view.diagnostics import Checked, last_line
from segctl.view.status import LastRun, Status, status_text
from segctl.workflow.load import Loaded, load
from segctl.workflow.standing import Standing, standing


def status() -> None:
    """Prints it. Outside a project it says how to begin."""
    root = find_root(HERE)
    if root is None:
        out(
            "No segctl project here.\n\n"
            "  Try it on a made-up casino:          segctl demo\n"
            "  Start one for your own database:     segctl init\n"
            "  All commands:                        segctl --help"
        )
        return
    out(status_text(_status(load(root)), style=style(no_color=False)))


def _status(loaded: Loaded) -> Status:
    name = loaded.settings.name if loaded.settings else loaded.root.name
    if loaded.failed:
        mistakes = last_line(loaded.diagnostics, Checked(len(loaded.sources)))
        return Status(name, "", mistakes=mistakes, next="segctl validate")
    context = context_of(loaded, None)
    found = standing(context, loaded)
    run = found.last_run
    return Status(
        project=name,
        environment=context.environment,
        segments=found.segments,
        members=found.members,
        serial=found.serial,
        last_run=LastRun(run.kind, run.at, run.as_of, run.author) if run else None,
        differs=f"{found.differences} to apply" if found.differences else "",
        scheduled=found.scheduled,
        late=found.late,
        next=_next(found),
    )


def _next(found: Standing) -> str:
    if found.differences:
        return "segctl plan"
    return "segctl status" if found.late else "segctl refresh"
