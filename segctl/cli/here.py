"""Commands that are named to be typed next, in the environment of the command that names them.

What `--env` chose holds for one command line, so that a command copied without it would go to another database.
`SEGCTL_ENV` stays set, and needs no repeating.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextvars import ContextVar

# the commands that take `--env`
TAKING = (
    "plan", "apply", "refresh", "list", "show", "members", "player", "explain", "attrition", "cost", "history",
    "clone", "forget", "overlap", "stats", "churn", "insights", "export", "next", "verify",
    "catalog check", "catalog infer", "audit log", "audit verify", "audit checkpoint", "audit prove",
    "audit export", "db status", "db upgrade", "archive list", "archive show", "archive count", "archive recover",
    "log", "versions", "blame", "import", "rollback", "freeze", "where-used", "graph",
    "deliver", "webhooks list", "webhooks failed", "webhooks replay", "webhooks disable", "webhooks enable",
    "webhooks test", "publish", "run", "status",
)  # fmt: skip
_NAMED = re.compile(rf"\bsegctl (?:{'|'.join(TAKING)})\b(?![^\n`;]* --env )")
# where a line ends with the command to type next
_NEXT = re.compile(r"(?m)(?<=:  )segctl .*$")
_CHOSEN: ContextVar[str | None] = ContextVar("environment", default=None)


def choose(arguments: Sequence[str]) -> None:
    """Remembers the environment of a command line."""
    _CHOSEN.set(_chosen(arguments))


def here(text: str) -> str:
    """All commands of a text, in the environment that was chosen."""
    name = _CHOSEN.get()
    return text if name is None else _NAMED.sub(lambda found: f"{found[0]} --env {name}", text)


def next_here(text: str) -> str:
    """The commands at the ends of lines, and no other part of a text."""
    return text if _CHOSEN.get() is None else _NEXT.sub(lambda found: here(found[0]), text)


def _chosen(arguments: Sequence[str]) -> str | None:
    for place, word in enumerate(arguments):
        if word in {"--env", "-e"}:
            return next(iter(arguments[place + 1 : place + 2]), None)
        if word.startswith("--env="):
            return word.removeprefix("--env=")
        if re.match(r"-e[^-]", word):
            return word[2:]
        if word == "--":
            break
    return None
