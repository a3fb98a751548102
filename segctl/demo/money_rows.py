"""Rows of `payments` and `bonuses` from moments in the order of time."""

import numpy as np
import pyarrow as pa

from segctl.demo.columns import base, instants, local, money, player_ids, words
from segctl.demo.contact import BONUS_EUROS
from segctl.demo.draws import DAY, HOUR, Ints, known_at, pick
from segctl.demo.moments import Moments
from segctl.demo.people import Taste
from segctl.demo.play import DEPOSIT, FIRST_DEPOSIT, WITHDRAWAL
from segctl.demo.world import BONUS_CAMPAIGNS, CURRENCIES, METHODS

STATUSES = ("pending", "captured", "failed", "refunded")
PENDING, CAPTURED, FAILED, REFUNDED = range(4)
PAYMENT_KINDS = ("deposit", "withdrawal")
BONUS_KINDS = ("issued", "used", "expired")
STEP = 500
"""Players pay in multiples of five units of their currency."""


def payments(rng: np.random.Generator, batch: Moments, taste: Taste, as_of: int) -> pa.Table:
    """Deposits around the player's usual amount, withdrawals of about twice that."""
    size, currency = len(batch.starts), taste.currency[batch.player]
    out = batch.detail == WITHDRAWAL
    euros = taste.deposit[batch.player] * rng.lognormal(0, 0.5, size) * np.where(out, 2.2, 1.0)
    cents = np.maximum(2 * STEP, local((euros * 100).astype(np.int64), currency) // STEP * STEP)
    status = _status(rng, batch, as_of)
    settled = np.where(status == PENDING, 0, rng.exponential(8 * HOUR, size) * out).astype(np.int64)
    ingested = known_at(rng, batch.starts, as_of)
    updated = np.maximum(ingested, known_at(rng, batch.starts + settled, as_of))
    return pa.table(
        {
            "player_id": player_ids(batch.player),
            "kind": words(out, PAYMENT_KINDS),
            "status": words(status, STATUSES),
            "method": words(pick(rng, [5, 2, 3, 0.4], size), METHODS),
            "currency": words(currency, [each.code for each in CURRENCIES]),
            "amount": money(cents),
            "base_amount": money(base(cents, currency)),
            "occurred_at": instants(batch.starts),
            "ingested_at": instants(ingested),
            "updated_at": instants(updated),
        }
    )


def bonuses(rng: np.random.Generator, batch: Moments, taste: Taste, as_of: int) -> pa.Table:
    """Amount and campaign were fixed when the bonus was issued: see `contact.bonuses`."""
    offer, kind = np.divmod(batch.detail, 8)
    campaign, amount = np.divmod(offer, 8)
    currency = taste.currency[batch.player]
    cents = local(BONUS_EUROS[amount] * 100, currency)
    return pa.table(
        {
            "player_id": player_ids(batch.player),
            "kind": words(kind, BONUS_KINDS),
            "campaign": words(campaign, BONUS_CAMPAIGNS),
            "currency": words(currency, [each.code for each in CURRENCIES]),
            "amount": money(cents),
            "base_amount": money(base(cents, currency)),
            "expires_at": instants(batch.ends),
            "occurred_at": instants(batch.starts),
            "ingested_at": instants(known_at(rng, batch.starts, as_of)),
        }
    )


def _status(rng: np.random.Generator, batch: Moments, as_of: int) -> Ints:
    age, luck, out = as_of - batch.starts, rng.random(len(batch.starts)), batch.detail == WITHDRAWAL
    status = pick(rng, [0.002, 0.918, 0.07, 0.01], len(batch.starts))
    status = np.where(out & (age < 4 * DAY) & (luck < 0.6), PENDING, status)
    status = np.where((batch.detail == DEPOSIT) & (age < HOUR) & (luck < 0.5), PENDING, status)
    return np.where(batch.detail == FIRST_DEPOSIT, CAPTURED, status)
