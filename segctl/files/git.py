"""What git says of a project: the commit it stands on, and who is asking. Reads only."""

from __future__ import annotations

from pathlib import Path

from git import Repo
from git.exc import GitCommandError, InvalidGitRepositoryError, NoSuchPathError

from segctl.base.commit import Commit


def commit_of(root: Path) -> Commit | None:
    """The commit below a project and whether its files differ from it; None outside a repository."""
    repository = _repository(root)
    if repository is None:
        return None
    with repository:
        try:
            head = repository.head.commit
            changed = repository.git.status("--porcelain", "--", "segctl.yaml", "segments")
        except (ValueError, GitCommandError):  # a repository without a commit, or a damaged one
            return None
        branch = None if repository.head.is_detached else repository.active_branch.name
        return Commit(head.hexsha, bool(changed), branch, head.author.name)


def identity(root: Path) -> tuple[str, str] | None:
    """Who git says is working here: name and e-mail. A claim, not evidence."""
    repository = _repository(root)
    if repository is None:
        return None
    with repository, repository.config_reader() as reader:
        name, email = (str(reader.get_value("user", key, "")) for key in ("name", "email"))
    return (name or email, email) if name or email else None


def _repository(root: Path) -> Repo | None:
    try:
        return Repo(root, search_parent_directories=True)
    except (InvalidGitRepositoryError, NoSuchPathError):
        return None
