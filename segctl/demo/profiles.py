"""Rows of `players` and `player_favourites` of a block. Names are invented; `example.com` is nobody's."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from segctl.demo.columns import base, instants, joined, local, money, player_ids, words
from segctl.demo.consents import Permissions
from segctl.demo.draws import DAY, MINUTE, Floats, Ints, pick
from segctl.demo.people import VISITOR, People, currency
from segctl.demo.standing import STATUSES, Standing
from segctl.demo.visits import Visits, last_end, last_start, won_back
from segctl.demo.world import BRANDS, COUNTRIES, CURRENCIES, FEMALE_NAMES, LAST_NAMES, MALE_NAMES, PROVIDERS, TEAMS

GENDERS = ("female", "male", "other")
RETENTION = ("new", "engaged", "at_risk", "dormant", "won_back")
NEW, ENGAGED, AT_RISK, DORMANT, WON_BACK = range(5)
VIP_TURNOVER = np.array([500, 2_000, 10_000, 40_000, 150_000])
"""Euros staked in a lifetime from which levels 1 to 5 are given."""


@dataclass(frozen=True, slots=True)
class Life:
    """All that is known of a block when its profiles are written; `turnover` is in euros."""

    block: People
    seen: Visits
    stands: Standing
    allows: Permissions
    turnover: Floats
    as_of: int


def players(rng: np.random.Generator, life: Life) -> pa.Table:
    """Rows of `players`, in the order of their numbers."""
    return pa.table({**_account(rng, life), **_person(rng, life), **_value(rng, life), **_money(rng, life)})


def favourites(block: People) -> pa.Table:
    """Rows of `player_favourites`: none to four providers a player."""
    player = np.repeat(block.number, block.likes)
    liked = np.arange(block.providers.shape[1]) < block.likes[:, None]
    return pa.table({"player_id": player_ids(player), "provider": words(block.providers[liked], PROVIDERS)})


def _account(rng: np.random.Generator, life: Life) -> dict[str, pa.Array]:
    block, seen, size = life.block, life.seen, len(life.block.number)
    never = seen.count == 0
    active = np.where(never, block.registered, last_end(seen))
    touched = np.minimum(life.as_of, active + rng.integers(5 * MINUTE, 30 * MINUTE, size))
    return {
        "player_id": player_ids(block.number),
        "platform_id": joined("plt-", 100_000 + block.number * 7),
        "brand": words(pick(rng, [0.6, 0.4], size), BRANDS),
        "region": words(block.country, [country.region for country in COUNTRIES]),
        "locale": words(block.country, [country.locale for country in COUNTRIES]),
        "language": words(block.country, [country.locale[:2] for country in COUNTRIES]),
        "currency": words(currency(block), [money.code for money in CURRENCIES]),
        "account_status": words(life.stands.status, STATUSES),
        "registered_at": instants(block.registered),
        "last_login_at": instants(last_start(seen), missing=never),
        "last_activity_at": instants(last_end(seen), missing=never),
        "updated_at": instants(touched),
        "allows_email": pa.array(life.allows.email),
        "allows_sms": pa.array(life.allows.sms),
        "allows_phone": pa.array(life.allows.phone),
    }


def _person(rng: np.random.Generator, life: Life) -> dict[str, pa.Array]:
    block, size = life.block, len(life.block.number)
    gender = pick(rng, [0.38, 0.58, 0.01, 0.03], size)
    first = rng.integers(0, 10, size) + np.where(gender == 0, 0, 10)
    first_name = words(first, FEMALE_NAMES + MALE_NAMES).dictionary_decode()
    last_name = words(rng.integers(0, len(LAST_NAMES), size), LAST_NAMES).dictionary_decode()
    cities = [city for country in COUNTRIES for city in country.cities]
    codes = [country.code for country in COUNTRIES]
    nationality = np.where(rng.random(size) < 0.92, block.country, pick(rng, [1] * len(codes), size))
    dial = words(block.country, [country.dial for country in COUNTRIES]).dictionary_decode()
    phone = joined(dial, "555", rng.integers(1_000_000, 10_000_000, size))
    return {
        "first_name": first_name,
        "last_name": last_name,
        "gender": words(gender, GENDERS, missing=gender == len(GENDERS)),
        "date_of_birth": _births(rng, size, life.as_of),
        "username": joined(pc.utf8_lower(first_name), "_", block.number + 1),
        "email": joined(pc.utf8_lower(first_name), ".", block.number + 1, "@example.com"),
        "phone_number": pc.if_else(pa.array(rng.random(size) < 0.85), phone, None),
        "postal_code": pc.utf8_lpad(joined("", rng.integers(1_000, 100_000, size)), 5, "0"),
        "city": words(block.country * 3 + rng.integers(0, 3, size), cities),
        "country": words(block.country, codes, missing=rng.random(size) < 0.03),
        "nationality": words(nationality, codes),
    }


def _births(rng: np.random.Generator, size: int, as_of: int) -> pa.Array:
    years = 20 + 45 * rng.beta(1.3, 2.2, size)
    years = np.where(rng.random(size) < 0.03, rng.uniform(65, 85, size), years)
    years = np.where(rng.random(size) < 0.003, rng.uniform(15, 18, size), years)
    days = as_of // DAY - (years * 365.25).astype(np.int64)
    return pa.array(days.astype(np.int32), pa.int32(), mask=rng.random(size) < 0.01).view(pa.date32())


def _value(rng: np.random.Generator, life: Life) -> dict[str, pa.Array]:
    block, size = life.block, len(life.block.number)
    level = np.searchsorted(VIP_TURNOVER, life.turnover, side="right")
    return {
        "vip_level": pa.array(level, pa.int32(), mask=life.turnover == 0),
        "retention_level": words(_retention(life), RETENTION, missing=life.seen.count == 0),
        "favourite_team": words(block.team, [team.name for team in TEAMS], missing=rng.random(size) < 0.55),
        "self_excluded": pa.array(life.stands.excluded),
        "time_out_until": instants(life.stands.time_out_until, missing=life.stands.time_out_until == 0),
    }


def _retention(life: Life) -> Ints:
    idle_days = (life.as_of - last_start(life.seen)) // DAY
    level = np.select([idle_days < 14, idle_days < 60], [ENGAGED, AT_RISK], DORMANT)
    level = np.where(won_back(life.seen) & (idle_days < 30), WON_BACK, level)
    return np.where(life.block.registered > life.as_of - 30 * DAY, NEW, level)


def _money(rng: np.random.Generator, life: Life) -> dict[str, pa.Array]:
    block, size = life.block, len(life.block.number)
    code = currency(block)
    idle_days = (life.as_of - last_start(life.seen)) // DAY
    empty = (block.persona == VISITOR) | (rng.random(size) < np.where(idle_days < 14, 0.35, 0.75))
    real = np.where(empty, 0, block.deposit * 70 * rng.lognormal(0, 1.2, size)).astype(np.int64)
    bonus = np.where(rng.random(size) < 0.12, 500 * rng.integers(1, 11, size), 0)
    limit = life.stands.loss_limit
    owned = {name: local(cents, code) for name, cents in (("real", real), ("bonus", bonus))}
    converted = {name: base(cents, code) for name, cents in owned.items()}
    return {
        "real_money_balance": money(owned["real"]),
        "bonus_money_balance": money(owned["bonus"]),
        "total_balance": money(owned["real"] + owned["bonus"]),
        "base_real_money_balance": money(converted["real"]),
        "base_bonus_money_balance": money(converted["bonus"]),
        "base_total_balance": money(converted["real"] + converted["bonus"]),
        "loss_limit_daily": money(local(limit, code), missing=limit == 0),
        "base_loss_limit_daily": money(base(local(limit, code), code), missing=limit == 0),
    }
