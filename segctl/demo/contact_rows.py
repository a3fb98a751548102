"""Rows of `sessions`, `rg_events`, `crm_events` and `scores` from moments in the order of time."""

import numpy as np
import pyarrow as pa

from segctl.demo.columns import instants, player_ids, words
from segctl.demo.draws import MINUTE, Ints, known_at, pick
from segctl.demo.moments import Moments
from segctl.demo.people import Taste
from segctl.demo.world import CHANNELS, CRM_CAMPAIGNS, DEVICES

RG_KINDS = ("limit_set", "limit_hit", "time_out", "self_exclusion")
CRM_KINDS = ("delivered", "opened", "clicked", "unsubscribed", "complained")

MODELS = ("churn", "deposit_intent", "offer_sensitivity", "next_best_action")
CHURN, DEPOSIT_INTENT, OFFER_SENSITIVITY, NEXT_BEST_ACTION = range(4)
ACTIONS = ("free_spins", "cashback", "call", "deposit_bonus", "none")
REASONS: tuple[list[str], ...] = (
    ["fewer_sessions", "longer_gaps"],
    ["balance_spent", "fewer_sessions"],
    ["recent_deposit", "evening_player"],
    ["opened_last_offer"],
    ["uses_bonuses", "weekend_player"],
    [],
)


def sessions(rng: np.random.Generator, batch: Moments, _taste: Taste, as_of: int) -> pa.Table:
    """Whole minutes between start and end; known when they ended."""
    minutes = (batch.ends - batch.starts) // MINUTE
    return pa.table(
        {
            "player_id": player_ids(batch.player),
            "device": words(pick(rng, [0.35, 0.4, 0.25], len(batch.starts)), DEVICES),
            "minutes": pa.array(minutes, pa.int32()),
            "occurred_at": instants(batch.starts),
            "ended_at": instants(batch.ends),
            "ingested_at": instants(known_at(rng, batch.ends, as_of)),
        }
    )


def rg_events(rng: np.random.Generator, batch: Moments, _taste: Taste, as_of: int) -> pa.Table:
    """Safer gambling."""
    return pa.table(
        {
            "player_id": player_ids(batch.player),
            "kind": words(batch.detail, RG_KINDS),
            "occurred_at": instants(batch.starts),
            "ingested_at": instants(known_at(rng, batch.starts, as_of)),
        }
    )


def crm_events(rng: np.random.Generator, batch: Moments, _taste: Taste, as_of: int) -> pa.Table:
    """Messages and what became of them: see `contact.crm_events`."""
    message, kind = np.divmod(batch.detail, 8)
    campaign, channel = np.divmod(message, 4)
    return pa.table(
        {
            "player_id": player_ids(batch.player),
            "kind": words(kind, CRM_KINDS),
            "channel": words(channel, CHANNELS),
            "campaign": words(campaign, CRM_CAMPAIGNS),
            "occurred_at": instants(batch.starts),
            "ingested_at": instants(known_at(rng, batch.starts, as_of)),
        }
    )


def scores(rng: np.random.Generator, batch: Moments, taste: Taste, _as_of: int) -> pa.Table:
    """Churn rises with the days since the last session, deposit intent falls; only next best action has labels."""
    size, labelled = len(batch.starts), batch.detail == NEXT_BEST_ACTION
    cold = np.log1p(taste.idle_days[batch.player].astype(np.float64)) - 3
    slope = np.array([1.2, -1.0, 0.2, 0.0])[batch.detail]
    score = np.round(1 / (1 + np.exp(-(slope * cold + rng.normal(0, 0.8, size)))), 4)
    reasons: Ints = rng.integers(0, len(REASONS), size)
    return pa.table(
        {
            "player_id": player_ids(batch.player),
            "model": words(batch.detail, MODELS),
            "score": pa.array(score, mask=labelled),
            "label": words(pick(rng, [4, 3, 1, 3, 2], size), ACTIONS, missing=~labelled),
            "model_version": words(np.where(batch.detail == CHURN, 0, 1), ("v7", "v3")),
            "top_reasons": pa.array(REASONS, pa.list_(pa.string())).take(pa.array(reasons)),
            "scored_at": instants(batch.starts),
        }
    )
