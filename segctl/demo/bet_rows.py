"""Rows of `bets` from moments in the order of time: products, stakes and wins."""

import numpy as np
import pyarrow as pa

from segctl.demo.columns import base, instants, local, money, player_ids, words
from segctl.demo.draws import Bools, Floats, known_at, pick
from segctl.demo.moments import Moments
from segctl.demo.people import Taste
from segctl.demo.world import CURRENCIES, GAMES, GAMES_PER_PROVIDER, MARKETS, PROVIDERS, TEAMS

CASINO, SPORTS = range(2)
PRODUCTS = ("casino", "sports")


def bets(rng: np.random.Generator, batch: Moments, taste: Taste, as_of: int) -> pa.Table:
    """Six in ten bets go to the player's own team or provider; the house keeps about 5 % of what is staked."""
    sports = rng.random(len(batch.starts)) < taste.sports[batch.player]
    return pa.table(
        {
            "player_id": player_ids(batch.player),
            "product": words(np.where(sports, SPORTS, CASINO), PRODUCTS),
            **_chosen(rng, batch, taste, sports),
            **_amounts(rng, batch, taste, sports),
            "occurred_at": instants(batch.starts),
            "ingested_at": instants(known_at(rng, batch.starts, as_of)),
        }
    )


def _chosen(rng: np.random.Generator, batch: Moments, taste: Taste, sports: Bools) -> dict[str, pa.Array]:
    size = len(batch.starts)
    own = rng.random(size) < 0.6
    team = np.where(own, taste.team[batch.player], rng.integers(0, len(TEAMS), size))
    provider = np.where(own, taste.provider[batch.player], pick(rng, [5, 3, 3, 2, 1, 1], size))
    game = provider * GAMES_PER_PROVIDER + pick(rng, [5, 3, 2, 1], size)
    market = pick(rng, [6, 3, 2, 1, 1], size)
    return {
        "provider": words(provider, PROVIDERS, missing=sports),
        "game": words(game, GAMES, missing=sports),
        "team": words(team, [each.name for each in TEAMS], missing=~sports),
        "market": words(market, MARKETS, missing=~sports),
        "tournament": words(team, [each.tournament for each in TEAMS], missing=~sports),
    }


def _amounts(rng: np.random.Generator, batch: Moments, taste: Taste, sports: Bools) -> dict[str, pa.Array]:
    size, currency = len(batch.starts), taste.currency[batch.player]
    euros = taste.stake[batch.player] * rng.lognormal(0, 0.6, size)
    stake = local(np.maximum(1, (euros * 10).astype(np.int64)) * 10, currency)
    from_bonus = rng.random(size)
    bonus = np.where(from_bonus < 0.06, stake, np.where(from_bonus < 0.1, stake // 2, 0))
    real = stake - bonus
    win = (stake * _returns(rng, sports)).astype(np.int64)
    base_real, base_bonus = base(real, currency), base(bonus, currency)
    return {
        "currency": words(currency, [each.code for each in CURRENCIES]),
        "stake": money(stake),
        "stake_real": money(real),
        "stake_bonus": money(bonus),
        "win": money(win),
        "base_stake": money(base_real + base_bonus),
        "base_stake_real": money(base_real),
        "base_stake_bonus": money(base_bonus),
        "base_win": money(base(win, currency)),
    }


def _returns(rng: np.random.Generator, sports: Bools) -> Floats:
    luck = rng.random(len(sports))
    odds = 1.2 + rng.exponential(1.4, len(sports))
    casino = np.where(luck < 0.28, rng.exponential(0.955 / 0.28, len(sports)), 0.0)
    return np.where(sports, np.where(luck < 0.94 / odds, odds, 0.0), casino)
