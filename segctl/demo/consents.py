"""What players allow: flags of the account, and the consents they gave. One row a player at most."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from segctl.demo.columns import instants, player_ids, words
from segctl.demo.draws import Bools, Ints, spread
from segctl.demo.people import People

CONSENTS = ("email", "sms", "push", "profiling")
VERSIONS = ("2023-05", "2024-11", "2026-02")


@dataclass(frozen=True, slots=True)
class Permissions:
    """Flags of the account, one row a player of a block."""

    email: Bools
    sms: Bools
    phone: Bools


def permissions(rng: np.random.Generator, block: People) -> Permissions:
    """Six in ten allow e-mail, fewer the rest."""
    size = len(block.number)
    return Permissions(rng.random(size) < 0.61, rng.random(size) < 0.4, rng.random(size) < 0.25)


def consents(rng: np.random.Generator, block: People, allows: Permissions, as_of: int) -> pa.Table:
    """Rows of `player_consents`; 7 in 100 players have none, and 3 in 100 say otherwise than their account."""
    size = len(block.number)
    given = {
        "email": allows.email ^ (rng.random(size) < 0.03),
        "sms": allows.sms ^ (rng.random(size) < 0.03),
        "push": rng.random(size) < 0.45,
        "profiling": rng.random(size) < 0.55,
    }
    columns = {"player_id": player_ids(block.number)}
    for name in CONSENTS:
        columns[name] = pa.array(given[name])
        columns[f"{name}_changed_at"] = instants(_changed_at(rng, block.registered, as_of))
    columns["version"] = words(rng.integers(0, len(VERSIONS), size), VERSIONS)
    return pa.table(columns).filter(pa.array(rng.random(size) < 0.93))


def _changed_at(rng: np.random.Generator, registered: Ints, as_of: int) -> Ints:
    later = spread(rng, registered, np.full(len(registered), as_of))
    return np.where(rng.random(len(registered)) < 0.7, registered, later)
