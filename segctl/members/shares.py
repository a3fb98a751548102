"""Where the players of a slice stand in a persistent split. Pure."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from segctl.members.columns import Floats
from segctl.members.places import Players
from segctl.model.bucket import share


def shares(salt: str, players: Players) -> Floats:
    """Each player's share, by place, in percent."""
    ids = players.keys if pa.types.is_string(players.keys.type) else players.keys.cast(pa.string())
    found = np.zeros(players.count, dtype=np.float64)
    found[players.places] = [share(salt, player) for player in ids.to_pylist()]
    return Floats(found, None)
