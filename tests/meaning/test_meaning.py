"""Every case of the table, asked of the oracle and of each engine. A name is a line of language.md and what it says."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from functools import partial

import pytest

from segctl.model.membership import Ids
from tests.meaning import events, missing, segments, splits, times, values
from tests.meaning.cases import Case, answered
from tests.support.engines import ENGINES

CASES: list[Case] = [*missing.CASES, *values.CASES, *times.CASES, *events.CASES, *segments.CASES, *splits.CASES]


@pytest.fixture(scope="module", params=list(ENGINES))
def members(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Ids]:
    """What one engine answers to all cases, by what they say."""
    folder = tmp_path_factory.mktemp("meaning")
    return answered(CASES, partial(ENGINES[request.param], folder=folder))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.says)
def test_meaning(case: Case, members: Mapping[str, Ids]) -> None:
    assert members[case.says] == case.members


def test_each_case_says_something_else() -> None:
    assert [says for says, times_said in Counter(case.says for case in CASES).items() if times_said > 1] == []
