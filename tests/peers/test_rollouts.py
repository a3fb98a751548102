"""PostHog's published answers of the sha1 bucket (language.md, 4.7): who is in a rollout, and in which variant.

A flag's key is the salt. Its variants split the same players again, by the hash of `{key}.{id}variant`: that is
where a player called `{id}variant` stands in the split of the same salt.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from segctl.model.bucket import in_bucket, share
from segctl.model.catalog import Catalog, PlayerTable
from segctl.model.facts import PlayerFacts
from segctl.model.rule import Bucket
from segctl.model.time import Clock
from tests.peers.fields import moment
from tests.peers.lines import needs_peer_cases, read_json
from tests.support.engines import ENGINES, engine_of
from tests.support.generate import ruled

pytestmark = needs_peer_cases

Answers = list[bool | str]
CATALOG = Catalog("peers", "EUR", PlayerTable("players", "player_id"), {}, {}, {})
CLOCK = Clock(moment("2022-05-01"), ZoneInfo("UTC"))
IDS = [f"distinct_id_{number}" for number in range(1000)]
SIMPLE = Bucket("simple-flag", Decimal(0), Decimal(45))
MULTIVARIATE = Bucket("multivariate-flag", Decimal(0), Decimal(55))
# The first half, then a fifth, a fifth, a twentieth, a twentieth.
VARIANTS = {
    f"{ordinal}-variant": Bucket("multivariate-flag", Decimal(low), Decimal(high))
    for ordinal, low, high in (
        ("first", 0, 50), ("second", 50, 70), ("third", 70, 90), ("fourth", 90, 95), ("fifth", 95, 100),
    )
}  # fmt: skip


@pytest.fixture(scope="module")
def published() -> Mapping[str, Answers]:
    return {entry["test"]: entry["results"] for entry in read_json("rollout_consistency.json")}


@pytest.fixture(scope="module", params=ENGINES)
def members(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Mapping[str, frozenset[str]]:
    rules = {"simple": SIMPLE, "multivariate": MULTIVARIATE, **VARIANTS}
    players = [PlayerFacts(player, {}) for name in IDS for player in (name, f"{name}variant")]
    world = ruled(CATALOG, players, rules, CLOCK)
    return engine_of(request)(world, folder=tmp_path_factory.mktemp("rollouts"))


def test_shares_are_those_of_the_peer(published: Mapping[str, Answers]) -> None:
    found = [in_bucket(share(SIMPLE.salt, player), SIMPLE.low, SIMPLE.high) for player in IDS]

    assert found == published["test_simple_flag_consistency"]
    assert len(found) == 1000


def test_a_bucket_is_the_rollout_of_the_peer(
    members: Mapping[str, frozenset[str]], published: Mapping[str, Answers]
) -> None:
    assert [player in members["simple"] for player in IDS] == published["test_simple_flag_consistency"]


def test_neighbouring_buckets_are_the_variants_of_the_peer(
    members: Mapping[str, frozenset[str]], published: Mapping[str, Answers]
) -> None:
    def answer(player: str) -> bool | str:
        mine = [name for name in VARIANTS if f"{player}variant" in members[name]]
        return player in members["multivariate"] and mine[0]

    assert [answer(player) for player in IDS] == published["test_multivariate_flag_consistency"]
    assert len(IDS) == len(published["test_multivariate_flag_consistency"])
