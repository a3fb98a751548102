"""Coverage to look at: a gap of each kind."""

from __future__ import annotations

from datetime import date

from segctl.base.span import Span
from segctl.model.covered import Coverage, Covered
from segctl.model.rule import Compare, Sequence, Step, Test
from segctl.model.segment import Adjustment, Guard, Limit, Trigger
from segctl.model.time import Duration
from segctl.view.coverage import coverage_data, coverage_text
from segctl.view.data import json_text
from segctl.view.speech import Speech
from segctl.view.style import Style
from tests.view.pages import Said

DAY = 86_400


def _coverage(said: Said) -> Coverage:
    file = said("segments/vip.yaml")

    def at(line: int) -> Span:
        return Span(file, line, 3, line, 9)

    kind = Compare("kind", (Test("eq", said("deposit")),))
    step, alone = Step("payments", kind), Step("payments")
    country = Compare("country", (Test("eq", said("DE")),))
    after = Sequence((alone, step), Duration(3_600))
    included = Adjustment(("p_1", "p_2"), (), said("asked in"), date(2026, 12, 31))
    excluded = Adjustment((), (said("abusers"),), said("policy"))
    return Coverage(
        said("vip"),
        (
            Covered("enter", step, at(5), true=False, false=True, removal=False),
            Covered("where", step, at(5), true=True, false=False, removal=False, negation=True),
            Covered("exit", alone, at(6), true=True, false=False, removal=True),
            Covered("for", Trigger((step,), (), Duration(14 * DAY)), at(7), true=False, removal=False),
            Covered("rules", country, at(9), true=True, false=True, removal=True, negation=True),
            Covered("rules", country, at(10), true=False, false=False, removal=False, negation=False),
            Covered("sequence", alone, at(11), true=True, false=True, removal=False),
            Covered("within", after, at(11), true=False, removal=False),
            Covered("include", included, at(13), true=False, removal=False),
            Covered("until", included, at(13), true=False, removal=False),
            Covered("exclude", excluded, at(15), true=True, removal=False),
            Covered("limit", Limit("vip_level", 100), at(16), true=False, removal=False, negation=False),
            Covered("guard", Guard(said("marketing"), country), at(20), true=False, removal=False),
        ),
    )


def covering(said: Said, style: Style) -> dict[str, str]:
    """The views by name."""
    whole = Coverage(said("all-fine"), ())
    found = [_coverage(said), whole]
    return {
        "coverage": coverage_text(found, Speech({}, said("EUR")), style),
        "coverage-json": json_text([coverage_data(one) for one in found]),
    }
