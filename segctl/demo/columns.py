"""Arrow columns from numpy arrays: words, money, instants, player ids. Draws nothing."""

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from segctl.demo.draws import Bools, Codes, Ints
from segctl.demo.world import BASE, CURRENCIES

RATES = np.array([currency.rate for currency in CURRENCIES])


def words(codes: Codes, vocabulary: Sequence[str], *, missing: Bools | None = None) -> pa.Array:
    """The word at each position; NULL where `missing`."""
    return pa.DictionaryArray.from_arrays(pa.array(codes.astype(np.int8), mask=missing), pa.array(vocabulary))


def money(cents: Ints, *, missing: Bools | None = None) -> pa.Array:
    """DECIMAL(18,2) from whole cents; NULL where `missing`."""
    return pa.array(cents, pa.int64(), mask=missing).view(pa.decimal64(18, 2))


def instants(microseconds: Ints, *, missing: Bools | None = None) -> pa.Array:
    """TIMESTAMPTZ from microseconds since 1970 in UTC; NULL where `missing`."""
    return pa.array(microseconds, pa.int64(), mask=missing).view(pa.timestamp("us", tz="UTC"))


def player_ids(players: Codes) -> pa.Array:
    """'p_1' for the player at position 0, and so on."""
    return joined("p_", players + 1)


def joined(*parts: str | Codes | pa.Array) -> pa.Array:
    """Text put together row by row; numbers without padding."""
    texts = [pc.cast(pa.array(part), pa.string()) if isinstance(part, np.ndarray) else part for part in parts]
    return pc.binary_join_element_wise(*texts, "")


def local(euro_cents: Ints, currency: Codes) -> Ints:
    """Whole cents of the player's currency for whole cents of a euro, rounded half up."""
    rate = RATES[currency]
    cents: Ints = (euro_cents * BASE + rate // 2) // rate
    return cents


def base(cents: Ints, currency: Codes) -> Ints:
    """Whole cents of a euro for whole cents of the player's currency, rounded half up."""
    euro_cents: Ints = (cents * RATES[currency] + BASE // 2) // BASE
    return euro_cents
