"""What git says of who is asking. Reads only; the commit of a project is told in commit.py."""

from __future__ import annotations

from pathlib import Path

from git import Repo
from git.exc import InvalidGitRepositoryError, NoSuchPathError


def identity(root: Path) -> tuple[str, str] | None:
    """Who git says is working here: name and e-mail. A claim, not evidence."""
    try:
        repository = Repo(root, search_parent_directories=True)
    except (InvalidGitRepositoryError, NoSuchPathError):
        return None
    with repository, repository.config_reader() as reader:
        name, email = (str(reader.get_value("user", key, "")) for key in ("name", "email"))
    return (name or email, email) if name or email else None
