"""Erasable blobs: the player ids and personal constants that definitions name only by keyed digest."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sqlalchemy import Connection, bindparam, delete, insert, select

from segctl.store.tables import PRIVATE

_GET = select(PRIVATE.c.content).where(PRIVATE.c.digest == bindparam("digest"))
_INSERT = insert(PRIVATE)
_DELETE = delete(PRIVATE).where(PRIVATE.c.digest == bindparam("gone"))


def put(connection: Connection, contents: Mapping[str, bytes]) -> None:
    """Keeps contents under their keyed digests; what is there already is left as it is."""
    new = [
        {"digest": digest, "content": content}
        for digest, content in contents.items()
        if get(connection, digest) is None
    ]
    if new:
        connection.execute(_INSERT, new)


def get(connection: Connection, digest: str) -> bytes | None:
    """The content, or None when there is none (any more)."""
    content: bytes | None = connection.execute(_GET, {"digest": digest}).scalar_one_or_none()
    return content


def erase(connection: Connection, digests: Iterable[str]) -> None:
    """Forgets contents; what named them stays valid."""
    gone = [{"gone": digest} for digest in digests]
    if gone:
        connection.execute(_DELETE, gone)


def rewrite(connection: Connection, contents: Mapping[str, bytes]) -> None:
    """Puts other contents under digests that are there: names from now on, and no digests of them any more."""
    erase(connection, contents)
    put(connection, contents)
