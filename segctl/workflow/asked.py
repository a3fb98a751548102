"""Which object of the state a name or an address on the command line means."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection

from segctl.base.errors import Refused
from segctl.spec.suggest import did_you_mean, listed
from segctl.store import definitions
from segctl.store.definitions import Deployed


def asked_for(objects: Iterable[Deployed], asked: str) -> Deployed | None:
    """The object of that address or that name. Raises: Refused, when several have the name."""
    found = [one for one in objects if asked in (one.address, one.name)]
    if len(found) > 1:
        raise Refused(
            f"`{asked}` is the name of {listed(one.address for one in found)}.", "Say which, by its address."
        )
    return found[0] if found else None


def known(connection: Connection, asked: str) -> Deployed:
    """An object that is deployed, or was. Raises: Refused, with what may have been meant."""
    objects = definitions.deployed(connection, archived=True).values()
    one = asked_for(objects, asked)
    if one is None:
        near = did_you_mean(asked, [other.name for other in objects])
        raise Refused(f"Nothing deployed is called `{asked}`.", near or "What is deployed: segctl list")
    return one
