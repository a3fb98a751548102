"""The state, opened for reading: the first step of every walk that only looks."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection

from segctl.base.errors import Refused
from segctl.spec.suggest import did_you_mean
from segctl.store import definitions
from segctl.store.definitions import Deployed
from segctl.store.engine import open_state
from segctl.store.scoped import readable
from segctl.store.state import ensured
from segctl.workflow.context import Context


@contextmanager
def looking(context: Context) -> Iterator[Connection]:
    """A read of the state at one moment. An absent state is made, empty. Raises: Refused."""
    with ensured(open_state(context.state), context.at) as connection:
        yield connection


def deployed_segments(connection: Connection) -> list[Deployed]:
    """All active segments, by name."""
    found = definitions.deployed(connection)
    return sorted((one for one in found.values() if one.kind == "segment"), key=lambda one: one.name)


def deployed_segment(connection: Connection, name: str) -> Deployed:
    """One segment, archived or not. Raises: Refused, with what may have been meant."""
    return deployed_object(connection, f"segment.{name}")


def readable_segment(connection: Connection, name: str) -> Deployed:
    """One segment whose members this role may read. Raises: Refused; to say "nobody" of others would be wrong."""
    one = deployed_segment(connection, name)
    if not readable(connection, one.object_id):
        raise Refused(
            f"The members of `{name}` are not for this role: it is held to another scope.",
            "What a role may read: segctl db grants --help",
        )
    return one


def deployed_object(connection: Connection, address: str) -> Deployed:
    """What has an address, archived or not. Raises: Refused, with what may have been meant."""
    found = definitions.deployed(connection, archived=True)
    one = found.get(address)
    if one is None:
        kind, _, name = address.partition(".")
        names = [other.name for other in found.values() if other.kind == kind]
        raise Refused(f"No deployed {kind} is called `{name}`.", *_meant(name, names))
    return one


def _meant(name: str, names: list[str]) -> list[str]:
    return [did_you_mean(name, names) or "What is deployed: segctl list"]
