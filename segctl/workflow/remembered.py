"""A project read with what is remembered of it (files/cache.py), and remembered for the next time."""

from __future__ import annotations

from segctl.base.digest import digest
from segctl.files.cache import Cache, read
from segctl.files.shipped import schema
from segctl.files.stamp import stamp
from segctl.spec.recall import Memory


def memory_of(cache: Cache) -> Memory:
    """What the cache has, for this version, these libraries and these shapes of documents."""
    return Memory(digest([stamp(), schema("segment"), schema("test")]), read(cache))
