"""When players pay and bet. Not what they pay or bet: that is drawn later, in the order of time."""

from dataclasses import dataclass

import numpy as np

from segctl.demo.draws import SECOND, Bools, Ints, counts, pick
from segctl.demo.moments import Moments, moments, together
from segctl.demo.people import REGULAR, VISITOR, People
from segctl.demo.visits import Visits, during, some_visit

FIRST_DEPOSIT, DEPOSIT, WITHDRAWAL = range(3)


@dataclass(frozen=True, slots=True)
class Paying:
    """Who deposits, and how many sessions they had before the one with the first deposit."""

    deposits: Bools
    skip: Ints


def paying(rng: np.random.Generator, block: People, seen: Visits) -> Paying:
    """Three in four depositors pay in their first session."""
    deposits = (block.persona != VISITOR) & (seen.count > 0)
    waits = deposits & (rng.random(len(deposits)) > 0.75)
    return Paying(deposits, np.where(waits, (rng.random(len(deposits)) * 0.3 * seen.count).astype(np.int64), 0))


def sessions(block: People, seen: Visits) -> Moments:
    """Every visit."""
    return moments(seen.starts, block.number[seen.owner], ends=seen.ends)


def payments(rng: np.random.Generator, block: People, seen: Visits, payers: Paying, total: float) -> Moments:
    """A first deposit a depositor, and then deposits and withdrawals of those who return."""
    new = np.flatnonzero(payers.deposits)
    opens = seen.starts[(seen.first + payers.skip)[new]] + rng.integers(5 * SECOND, 25 * SECOND, len(new))
    returns = payers.deposits & (block.persona >= REGULAR)
    weights = np.where(returns, (seen.count - payers.skip) * rng.lognormal(0, 0.6, len(returns)), 0.0)
    more = np.repeat(np.arange(len(returns)), counts(rng, weights, total - len(new), np.zeros_like(returns)))
    visit = some_visit(rng, seen, more, payers.skip)
    kind = DEPOSIT + pick(rng, [0.73, 0.27], len(more))
    return together(
        moments(opens, block.number[new], FIRST_DEPOSIT),
        moments(during(rng, seen, visit), block.number[more], kind),
    )


def bets(rng: np.random.Generator, block: People, seen: Visits, payers: Paying, total: float) -> Moments:
    """Bets in sessions from the first deposit on."""
    weights = (seen.count - payers.skip) * rng.lognormal(0, 0.5, len(seen.count)) * payers.deposits
    player = np.repeat(np.arange(len(weights)), counts(rng, weights, total, payers.deposits))
    return moments(during(rng, seen, some_visit(rng, seen, player, payers.skip)), block.number[player])
