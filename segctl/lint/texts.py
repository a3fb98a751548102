"""The cases of a text: the ones that rules name, and any other, of which tests may say this or that. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from itertools import product
from zoneinfo import ZoneInfo

from segctl.lint.plain import plain_test
from segctl.model.comparison import passes
from segctl.model.operators import FieldType
from segctl.model.rule import Test
from segctl.model.time import Clock

ANY_CLOCK = Clock(datetime(2026, 1, 1, tzinfo=UTC), ZoneInfo("UTC"))  # for what does not depend on one
_MOST_OPEN = 5
_KIND: FieldType = "string"
_EXACT = frozenset(("eq", "in"))


def text_cases(tests: Sequence[Test], values: Sequence[str]) -> list[Mapping[Test, bool | None]]:
    """What the tests say of each text that may come: the closed `values`, those that are named, any other.

    A warehouse may hold what `values` does not list (SEG320), so another text is always possible.
    """
    asked = (text for test in tests for text in _exact_texts(test))
    named = tuple(dict.fromkeys((*values, *asked)))
    cases: list[Mapping[Test, bool | None]] = [{test: _says(test, text) for test in tests} for text in named]
    exact = {test: False for test in tests if _is_exact(test)}
    others = [test for test in tests if not _is_exact(test) and test.op != "is_set"]
    if len(others) > _MOST_OPEN:
        return [*cases, {**exact, **dict.fromkeys(others)}]
    return [*cases, *({**exact, **dict(zip(others, said, strict=True))} for said in _consistent(others))]


def _exact_texts(test: Test) -> Iterator[str]:
    if test.op in _EXACT:
        yield from (text for text in _texts(test) if isinstance(text, str))


def _texts(test: Test) -> tuple[object, ...]:
    return test.value if isinstance(test.value, tuple) else (test.value,)


def _is_exact(test: Test) -> bool:
    return test.op in _EXACT and not test.ignore_case


def _says(test: Test, text: str) -> bool:
    return passes(test, text, _KIND, ANY_CLOCK)


def _consistent(tests: Sequence[Test]) -> Iterator[tuple[bool, ...]]:
    """Every way in which these tests can come out together, as far as is seen."""
    forms = [plain_test(test) for test in tests]
    places = range(len(tests))
    implied = [(a, b) for a in places for b in places if a != b and _implies(forms[a], forms[b])]
    excluded = [(a, b) for a in places for b in places if a < b and _excludes(forms[a], forms[b])]
    for said in product((False, True), repeat=len(tests)):
        if any(said[a] and not said[b] for a, b in implied) or any(said[a] and said[b] for a, b in excluded):
            continue
        yield said


def _implies(first: Test, second: Test) -> bool:
    """Is a text that passes the first certain to pass the second? False where it is not seen."""
    own, other = first.value, second.value
    if first.ignore_case or second.ignore_case or not isinstance(own, str) or not isinstance(other, str):
        return False
    match first.op, second.op:
        case ("starts_with", "starts_with"):
            return own.startswith(other)
        case ("ends_with", "ends_with"):
            return own.endswith(other)
        case ("contains" | "starts_with" | "ends_with", "contains"):
            return other in own
        case _:
            return False


def _excludes(first: Test, second: Test) -> bool:
    own, other = first.value, second.value
    if first.ignore_case or second.ignore_case or not isinstance(own, str) or not isinstance(other, str):
        return False
    match first.op, second.op:
        case ("starts_with", "starts_with"):
            return not own.startswith(other) and not other.startswith(own)
        case ("ends_with", "ends_with"):
            return not own.endswith(other) and not other.endswith(own)
        case _:
            return False
