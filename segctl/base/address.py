"""Addresses of databases as they may be shown: what could hold a password is left out. Pure."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

_scheme = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):(?=//)").match


def kind(address: str) -> str:
    """Of an address, what may be told when it cannot be used: its scheme and nothing else."""
    found = _scheme(address)
    return f"of the kind `{found[1]}`" if found else "without a `scheme://`"


def without_query(path: str) -> str:
    """A path without `?password=…` and the like."""
    return path.partition("?")[0]


def place(address: str) -> str:
    """Which server and database an address means, without user, password and options (after `;` or `?`)."""
    try:
        parts = urlsplit(address)
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        return kind(address)
    return f"{parts.scheme}://{parts.hostname or ''}{port}{parts.path.partition(';')[0].rstrip('/')}"
