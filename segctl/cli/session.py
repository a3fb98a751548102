"""What a verb starts with: the project that was meant, and a context made of clock, environment and identity."""

from __future__ import annotations

import gc
import getpass
import os
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from segctl.base.errors import Mistakes, Refused
from segctl.cli.options import instant
from segctl.files.cache import cache_of, write
from segctl.workflow.context import Author, Context, context
from segctl.workflow.load import Loaded, load, root_of
from segctl.workflow.remembered import memory_of

LOCK_TIMEOUT_SECONDS = 10.0
# Where CI systems say who and what runs a job: name of the system, its mark, and the variables worth keeping.
_CI = {
    "github": ("GITHUB_ACTIONS", ("GITHUB_ACTOR", "GITHUB_REPOSITORY", "GITHUB_RUN_ID", "GITHUB_SHA")),
    "gitlab": ("GITLAB_CI", ("GITLAB_USER_LOGIN", "CI_PROJECT_PATH", "CI_JOB_ID", "CI_COMMIT_SHA")),
}


def opened(chdir: Path, *, tests: bool = False) -> Loaded:
    """The project at or above a folder, with its segment tests if they are asked for. Raises: Refused.

    Files that did not change are taken from the cache, unless `SEGCTL_NO_CACHE` is set. One that came along with
    the project counts for nothing, since its key is not the user's; so in CI the steps of a job share one.
    """
    root = root_of(chdir)
    if os.environ.get("SEGCTL_NO_CACHE"):
        return _settled(load(root, tests=tests))
    cache = cache_of(root, _cache_home())
    memory = memory_of(cache)
    loaded = load(root, tests=tests, memory=memory)
    if memory.fresh:
        from segctl.workflow.kept import kept

        write(cache, kept(memory, loaded.project))
    return _settled(loaded)


def _settled(loaded: Loaded) -> Loaded:
    """Begins to look for cycles, if `main` put that off: not among what was read, all of which stays."""
    if not gc.isenabled():
        gc.freeze()
        gc.enable()
    return loaded


def _cache_home() -> Path:
    """Where the user's own caches are: only there is a key that no repository can bring along."""
    given = os.environ.get("XDG_CACHE_HOME")
    return Path(given or "~/.cache").expanduser() / "segctl"


def context_of(
    loaded: Loaded,
    environment: str | None,
    *,
    as_of: str | None = None,
    author: bool = False,
    lock_timeout: float = LOCK_TIMEOUT_SECONDS,
    allow: Sequence[str] = (),
) -> Context:
    """The context of a run. For an `author`, git tells who works here. Raises: Mistakes, Refused."""
    if loaded.settings is None:
        if loaded.failed:
            raise Mistakes(loaded.diagnostics, loaded.texts, len(loaded.sources))
        raise Refused("There is no segctl.yaml here.", "segctl init")
    at = datetime.now(UTC)
    now = at if as_of is None else instant(as_of)
    if author and now > at:
        raise Refused(
            f"--as-of {as_of} lies in the future: once written, no run before that instant could write again.",
            "Look ahead with: segctl plan --as-of INSTANT",
        )
    return context(
        loaded.root,
        loaded.settings,
        environment,
        now=now,
        at=at,
        author=_author(loaded.root) if author or loaded.settings.access else Author("segctl"),
        variables=os.environ,
        lock_timeout_seconds=lock_timeout,
        allow=_permissions(allow),
    )


def _permissions(asked: Sequence[str]) -> tuple[str, ...]:
    """What `--allow` says, each once. Raises: Refused, for a hazard that does not exist."""
    if not asked:
        return ()
    from segctl.plan.hazards import WORDS, permission

    found = [permission(one) for one in asked]
    for one, kept in zip(asked, found, strict=True):
        if kept is None:
            raise Refused(
                f"There is no hazard `{one}`.",
                f"Hazards: {', '.join(WORDS)}. One of one object: --allow max_change:NAME",
            )
    return tuple(sorted({one for one in found if one is not None}))


def _author(root: Path) -> Author:
    claimed = _claimed(root)
    user = _user()
    git = {"name": claimed[0], "email": claimed[1]} if claimed else None
    detail = {"user": user, "git": git, "ci": _ci()}
    return Author(claimed[0] if claimed else user, {key: value for key, value in detail.items() if value})


def _claimed(root: Path) -> tuple[str, str] | None:
    """Who git says is working here. Nobody, where there is no git: then GitPython cannot be imported."""
    try:
        from segctl.files.git import identity
    except ImportError:
        return None
    return identity(root)


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # no name for this user id, as in many containers
        return f"uid {os.getuid()}"


def _ci() -> dict[str, str] | None:
    for name, (mark, variables) in _CI.items():
        if os.environ.get(mark):
            return {"system": name, **{key: os.environ[key] for key in variables if key in os.environ}}
    return None
