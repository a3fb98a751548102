"""When the operator acts on players: bonuses, messages, safer gambling, scores. Names and sums are drawn later."""

import numpy as np

from segctl.demo.consents import Permissions
from segctl.demo.draws import DAY, HOUR, MINUTE, Ints, counts, pick, spread
from segctl.demo.moments import Moments, moments, together
from segctl.demo.people import People
from segctl.demo.play import Paying
from segctl.demo.standing import Standing, stop_at
from segctl.demo.visits import Visits, during, last_end, some_visit
from segctl.demo.world import BONUS_CAMPAIGNS, CRM_CAMPAIGNS

ISSUED, USED, EXPIRED = range(3)
LIMIT_SET, LIMIT_HIT, TIME_OUT, SELF_EXCLUSION = range(4)
DELIVERED, OPENED, CLICKED, UNSUBSCRIBED, COMPLAINED = range(5)
EMAIL, SMS, PUSH = range(3)
BONUS_EUROS = np.array([5, 10, 20, 50, 100, 200])
BONUS_DAYS = np.array([3, 7, 14, 30])
SCORE_MODELS = 4
SCORED_WEEKS = 3


def bonuses(
    rng: np.random.Generator, block: People, seen: Visits, payers: Paying, *, total: float, as_of: int
) -> Moments:
    """Bonuses issued in a session, and used in it or expired; `detail` is campaign, amount and kind."""
    weights = np.sqrt(seen.count) * np.where(payers.deposits, 3.0, 0.5)
    player = np.repeat(np.arange(len(weights)), counts(rng, weights, total / 1.96, np.zeros_like(payers.deposits)))
    visit = some_visit(rng, seen, player, np.zeros_like(seen.count))
    issued = during(rng, seen, visit)
    amount = pick(rng, [30, 30, 20, 12, 6, 2], len(player))
    offer = 8 * (8 * rng.integers(0, len(BONUS_CAMPAIGNS), len(player)) + amount)
    expires = issued + BONUS_DAYS[pick(rng, [2, 4, 3, 1], len(player))] * DAY
    used = rng.random(len(player)) < 0.55
    lapsed = ~used & (expires < as_of)
    number = block.number[player]
    use = spread(rng, issued, seen.ends[visit])[used]
    return together(
        moments(issued, number, offer + ISSUED, expires),
        moments(use, number[used], offer[used] + USED, expires[used]),
        moments(expires[lapsed], number[lapsed], offer[lapsed] + EXPIRED, expires[lapsed]),
    )


def rg_events(
    rng: np.random.Generator, block: People, seen: Visits, stands: Standing, *, total: float, as_of: int
) -> Moments:
    """Limits set at the first session and hit in later ones, time outs, self-exclusions."""
    limited = np.flatnonzero(stands.loss_limit)
    resting = np.flatnonzero(stands.time_out_until)
    excluded = np.flatnonzero(stands.excluded)
    hits_left = total - len(limited) - len(resting) - len(excluded)
    weights = np.where(stands.loss_limit > 0, seen.count, 0).astype(np.float64)
    hit = np.repeat(np.arange(len(weights)), counts(rng, weights, hits_left, np.zeros_like(stands.excluded)))
    hit_at = during(rng, seen, some_visit(rng, seen, hit, np.zeros_like(seen.count)))
    return together(
        moments(seen.starts[seen.first[limited]] + MINUTE // 4, block.number[limited], LIMIT_SET),
        moments(hit_at, block.number[hit], LIMIT_HIT),
        moments(stands.timed_out_at[resting], block.number[resting], TIME_OUT),
        moments(stop_at(seen, as_of)[excluded], block.number[excluded], SELF_EXCLUSION),
    )


def crm_events(
    rng: np.random.Generator, block: People, stands: Standing, allows: Permissions, *, until: Ints, total: float
) -> Moments:
    """Messages up to `until`, and what players did with them; `detail` is campaign, channel and kind."""
    weights = np.where(stands.stopped, 0.3, 1.0) * rng.lognormal(0, 0.5, len(until))
    player = np.repeat(np.arange(len(until)), counts(rng, weights, total / 1.46, np.zeros_like(stands.stopped)))
    sent = spread(rng, block.registered[player], until[player])
    channel = np.where(allows.email[player], EMAIL, np.where(allows.sms[player], SMS, PUSH))
    channel = np.where(rng.random(len(player)) < 0.15, PUSH, channel)
    message = 8 * (4 * rng.integers(0, len(CRM_CAMPAIGNS), len(player)) + channel)
    luck = rng.random(len(player))
    parts = [moments(sent, block.number[player], message + DELIVERED)]
    for kind, share in ((OPENED, 0.35), (CLICKED, 0.1), (UNSUBSCRIBED, 0.008), (COMPLAINED, 0.0015)):
        did = np.flatnonzero(luck < share)
        at = np.minimum(until[player[did]], sent[did] + kind * 5 * MINUTE + rng.integers(0, 5 * MINUTE, len(did)))
        parts.append(moments(at, block.number[player[did]], message[did] + kind))
    return together(*parts)


def scores(rng: np.random.Generator, block: People, seen: Visits, stands: Standing, as_of: int) -> Moments:
    """Weekly scorings of players seen within a year, the latest a few hours old; `detail` is the model."""
    known = (last_end(seen) > as_of - 365 * DAY) & ~stands.stopped
    parts = []
    for week in range(SCORED_WEEKS):
        for model in range(SCORE_MODELS):
            ran_at = as_of - 6 * HOUR - week * 7 * DAY - model * HOUR
            scored = np.flatnonzero(known & (block.registered < ran_at) & (rng.random(len(known)) < 0.95))
            at = ran_at + rng.integers(0, 30 * MINUTE, len(scored))
            parts.append(moments(at, block.number[scored], model))
    return together(*parts)
