"""segctl review post"""

from __future__ import annotations

import json as json_
import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from segctl.base.errors import Refused
from segctl.cli.options import HERE, Chdir, Json

if TYPE_CHECKING:
    from segctl.apply.forge import Forge

app = typer.Typer(help="Comment on pull requests and merge requests.", rich_markup_mode=None, no_args_is_help=True)
_GITHUB_API = "https://api.github.com"
_pull = re.compile(r"refs/pull/([0-9]+)/").match


@app.callback()
def review() -> None:
    """Comment on pull requests and merge requests."""


@app.command("post", short_help="Write a plan as the one comment of its request.")
def post(
    file: Annotated[Path, typer.Argument(help="A saved plan.", show_default=False)],
    pull: Annotated[
        int | None, typer.Option("--pull", metavar="N", help="The number of the request.", min=1)
    ] = None,
    commit: Annotated[
        str | None,
        typer.Option("--commit", metavar="SHA", help="Find the open request whose head is this commit."),
    ] = None,
    repository: Annotated[
        str | None,
        typer.Option("--repository", metavar="OWNER/NAME", help="The project, if not that of the CI job."),
    ] = None,
    json: Json = False,
    chdir: Chdir = HERE,
) -> int:
    """Write a plan as a comment on its pull request (GitHub) or merge request (GitLab), over the one before.

    The comment of each environment is found again by its first line. The token comes from the environment:
    GITHUB_TOKEN, or GITLAB_TOKEN. In a CI job, project, address and number are those of the job. Asks no database
    and reads no file but the plan, so a job that nobody's branch can change may do it.

    \b
    Examples:
      segctl review post plan.json
      segctl review post plan.json --commit "$HEAD_SHA"
      GITHUB_TOKEN=… segctl review post plan.json --repository acme/segments --pull 17
    """
    from segctl.apply.forge import post as posted
    from segctl.cli.console import out
    from segctl.cli.planning import read_saved
    from segctl.view.data import json_text
    from segctl.view.markdown import markdown, marker

    plan = read_saved(chdir / file)
    forge = _forge(pull, commit, repository)
    made = posted(forge, marker(plan.environment), markdown(plan))
    if json:
        out(json_text({"url": made.url, "number": made.number, "new": made.new}))
    else:
        done = "Commented on" if made.new else "Rewrote the comment on"
        out(f"{done} {forge.project} {made.number}. {made.url}".strip())
    return 0


def _forge(pull: int | None, commit: str | None, repository: str | None) -> Forge:
    """Where to comment, from options and the environment of a CI job. Raises: Refused."""
    from segctl.apply.forge import Forge

    if os.environ.get("GITLAB_CI") or (os.environ.get("GITLAB_TOKEN") and not os.environ.get("GITHUB_TOKEN")):
        return Forge(
            "gitlab",
            os.environ.get("CI_API_V4_URL", "https://gitlab.com/api/v4").rstrip("/"),
            repository or _needed("CI_PROJECT_PATH", "--repository GROUP/NAME"),
            _needed("GITLAB_TOKEN", "a token with the scope `api`"),
            pull if pull or commit else int(_needed("CI_MERGE_REQUEST_IID", "--pull N")),
            commit,
        )
    return Forge(
        "github",
        os.environ.get("GITHUB_API_URL", _GITHUB_API).rstrip("/"),
        repository or _needed("GITHUB_REPOSITORY", "--repository OWNER/NAME"),
        _needed("GITHUB_TOKEN", "a token that may write to pull requests"),
        pull if pull or commit else _of_job(),
        commit,
        bot=bool(os.environ.get("GITHUB_ACTIONS")),
    )


def _needed(name: str, instead: str) -> str:
    value = os.environ.get(name)
    if not value:
        raise Refused(f"{name} is not set, and nothing else says it.", f"Set {name}: {instead}.")
    return value


def _of_job() -> int:
    """The pull request that a GitHub job runs for: its ref says it, or its event."""
    found = _pull(os.environ.get("GITHUB_REF", ""))
    if found is not None:
        return int(found[1])
    number = _event().get("number") or (_event().get("pull_request") or {}).get("number")
    if isinstance(number, int):
        return number
    raise Refused("This job runs for no pull request.", "Say which: --pull N, or --commit SHA")


def _event() -> dict[str, Any]:
    try:
        event = json_.loads(Path(os.environ.get("GITHUB_EVENT_PATH", "")).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return event if isinstance(event, dict) else {}
