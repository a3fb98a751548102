"""Every case of the table, asked of the oracle and of each engine. A name is a line of language.md and what it says.

Where the text leaves something open, the cases hold what was decided:

- Steps of a sequence are strictly later than the ones before; every event of it lies in the range above. `within` is
  from the first to the last, its end in it.
- A triggered member is out when `for` has passed to the microsecond; an exit counts only after the latest enter, or
  with it.
- Without an id the highest value of the latest instant is the score, and a missing one gives way. A missing value that
  stands alone at the latest instant makes the score missing: no older one stands in.
- No rule, guard or scope holds of an id that the warehouse does not know, not even `none`; so it comes into no dynamic
  segment through `in_segment`. Lists, `include` and `include` of segments keep it where nothing is asked of it. A limit
  ranks it like a missing value, last.
- A static segment without a snapshot is who matches now; with one, `include` and `limit` wait for the next, and
  `exclude`, guard and scope hold now.
- Guards are read with three values and pass where they are true. A condition of several operators is unknown where
  its value is missing, unless all of them ask for missing. Memberships are never unknown.
- Who is in a triggered segment by `include` alone has no `since`. Who joins now is in since now. The moment of leaving
  is out, and `was_in_segment` knows of now.
- `at_least` counts a condition as often as it is written. The ends of a bucket and of `percent` are taken as written;
  a percentage is exact and rounds down.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from functools import partial

import pytest

from segctl.model.membership import Ids
from tests.meaning import events, missing, segments, splits, times, values
from tests.meaning.cases import Case, answered
from tests.support.engines import ENGINES, engine_of

CASES: list[Case] = [*missing.CASES, *values.CASES, *times.CASES, *events.CASES, *segments.CASES, *splits.CASES]


@pytest.fixture(scope="module", params=ENGINES)
def members(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Ids]:
    """What one engine answers to all cases, by what they say."""
    folder = tmp_path_factory.mktemp("meaning")
    return answered(CASES, partial(engine_of(request), folder=folder))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.says)
def test_meaning(case: Case, members: Mapping[str, Ids]) -> None:
    assert members[case.says] == case.members


def test_each_case_says_something_else() -> None:
    assert [says for says, times_said in Counter(case.says for case in CASES).items() if times_said > 1] == []
