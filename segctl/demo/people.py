"""Who the players of a block are and how long they stay. Decides nothing about single events."""

from dataclasses import dataclass

import numpy as np

from segctl.demo.draws import DAY, HOUR, Codes, Floats, Ints, pick
from segctl.demo.world import COUNTRIES, CURRENCIES, PROVIDERS, TEAMS

HISTORY_DAYS = 3 * 365


@dataclass(frozen=True, slots=True)
class Persona:
    """A type of player; `visits` weighs how often they come, the amounts are medians in euros."""

    share: float
    stays_days: float
    visits: float
    stake: float
    deposit: float


VISITOR, ONCE, REGULAR, HIGH = range(4)
PERSONAS = (
    Persona(share=0.42, stays_days=20, visits=0.35, stake=0, deposit=0),
    Persona(share=0.22, stays_days=45, visits=0.6, stake=3, deposit=15),
    Persona(share=0.33, stays_days=550, visits=3, stake=6, deposit=25),
    Persona(share=0.03, stays_days=1200, visits=9, stake=50, deposit=150),
)


@dataclass(frozen=True, slots=True)
class Taste:
    """What an event's amounts and choices depend on, one row a player, in codes of world.py and euros."""

    currency: Codes
    stake: Floats
    deposit: Floats
    sports: Floats
    team: Codes
    provider: Codes
    idle_days: Codes


@dataclass(frozen=True, slots=True)
class People:
    """A block of players; `number` counts all players from 0, moments are microseconds since 1970."""

    number: Ints
    persona: Ints
    country: Ints
    registered: Ints
    leaves: Ints
    visits: Floats
    stake: Floats
    deposit: Floats
    team: Ints
    providers: Ints
    likes: Ints


def people(rng: np.random.Generator, number: Ints, as_of: int) -> People:
    """Draws a block: registrations grow over three years, most stay for weeks, few for years."""
    size = len(number)
    persona = pick(rng, [kind.share for kind in PERSONAS], size)
    age = HISTORY_DAYS * DAY * rng.random(size) ** 1.2
    registered = as_of - np.maximum(age, HOUR).astype(np.int64)
    stays = _of(persona, "stays_days") * rng.exponential(1.0, size) * DAY
    leaves = np.minimum(as_of, registered + HOUR + stays.astype(np.int64))
    stayed_days = (leaves - registered) / DAY
    visits = _of(persona, "visits") * rng.lognormal(0, 1.0, size) * np.sqrt(stayed_days + 3)
    wealth = rng.lognormal(0, 0.7, size)
    return People(
        number=number,
        persona=persona,
        country=pick(rng, [country.share for country in COUNTRIES], size),
        registered=registered,
        leaves=leaves,
        visits=visits,
        stake=_of(persona, "stake") * wealth * rng.lognormal(0, 0.4, size),
        deposit=_of(persona, "deposit") * wealth,
        team=rng.integers(0, len(TEAMS), size),
        providers=rng.permuted(np.tile(np.arange(len(PROVIDERS)), (size, 1)), axis=1),
        likes=pick(rng, [0.35, 0.3, 0.2, 0.1, 0.05], size),
    )


def taste(rng: np.random.Generator, block: People, idle_days: Ints) -> Taste:
    """What the later draws need to know of a block, small enough to keep for all players."""
    return Taste(
        currency=currency(block).astype(np.int8),
        stake=block.stake.astype(np.float32),
        deposit=block.deposit.astype(np.float32),
        sports=(rng.beta(0.5, 0.8, len(block.number))).astype(np.float32),
        team=block.team.astype(np.int8),
        provider=block.providers[:, 0].astype(np.int8),
        idle_days=idle_days.astype(np.int16),
    )


def currency(block: People) -> Ints:
    """The code of each player's currency."""
    codes = [money.code for money in CURRENCIES]
    return np.array([codes.index(country.currency) for country in COUNTRIES])[block.country]


def _of(persona: Ints, trait: str) -> Floats:
    return np.array([getattr(kind, trait) for kind in PERSONAS], dtype=np.float64)[persona]
