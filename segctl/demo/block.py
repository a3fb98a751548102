"""One block of players: who they are, and when everything happens to them. Writes nothing."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from segctl.demo.consents import consents, permissions
from segctl.demo.contact import bonuses, crm_events, rg_events, scores
from segctl.demo.draws import DAY, Floats, Ints
from segctl.demo.moments import Moments
from segctl.demo.people import People, Taste, people, taste
from segctl.demo.play import bets, paying, payments, sessions
from segctl.demo.profiles import Life, favourites, players
from segctl.demo.standing import standing, stop_at
from segctl.demo.visits import last_end, visits

SHARES = {"bets": 0.55, "sessions": 0.25, "payments": 0.08, "crm_events": 0.08, "bonuses": 0.03, "rg_events": 0.01}
"""The parts of all events; scores come on top."""


@dataclass(frozen=True, slots=True)
class Block:
    """Profile rows by table, moments by event table, and what later draws need of each player."""

    profiles: dict[str, pa.Table]
    moments: dict[str, Moments]
    taste: Taste


def block(rng: np.random.Generator, number: Ints, events_per_player: float, as_of: int) -> Block:
    """Players of the given numbers (from 0) with about `events_per_player` events each on average."""
    total = {table: share * events_per_player * len(number) for table, share in SHARES.items()}
    who = people(rng, number, as_of)
    seen = visits(rng, who, total["sessions"], as_of)
    stands = standing(rng, who, seen, as_of)
    allows = permissions(rng, who)
    payers = paying(rng, who, seen)
    reachable_until = np.where(stands.stopped & (seen.count > 0), stop_at(seen, as_of), as_of)
    moments = {
        "payments": payments(rng, who, seen, payers, total["payments"]),
        "bets": bets(rng, who, seen, payers, total["bets"]),
        "sessions": sessions(who, seen),
        "bonuses": bonuses(rng, who, seen, payers, total=total["bonuses"], as_of=as_of),
        "rg_events": rg_events(rng, who, seen, stands, total=total["rg_events"], as_of=as_of),
        "crm_events": crm_events(rng, who, stands, allows, until=reachable_until, total=total["crm_events"]),
        "scores": scores(rng, who, seen, stands, as_of),
    }
    life = Life(who, seen, stands, allows, _turnover(who, moments["bets"]), as_of)
    profiles = {
        "players": players(rng, life),
        "player_consents": consents(rng, who, allows, as_of),
        "player_favourites": favourites(who),
    }
    return Block(profiles, moments, taste(rng, who, (as_of - last_end(seen)) // DAY))


def _turnover(who: People, staked: Moments) -> Floats:
    bets_placed = np.bincount(staked.player - who.number[0], minlength=len(who.number))
    return bets_placed * who.stake
