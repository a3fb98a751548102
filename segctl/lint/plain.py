"""A regular expression that is a plain text in disguise. Pure."""

from __future__ import annotations

from segctl.model.rule import Operator, Test

_SPECIAL = frozenset("\\.+*?()[]{}|^$")
_BY_ANCHORS: dict[tuple[bool, bool], Operator] = {
    (False, False): "contains",
    (True, False): "starts_with",
    (False, True): "ends_with",
    (True, True): "eq",
}


def plain_test(test: Test) -> Test:
    """The same test without a regular expression, where it needs none; else the test itself.

    With `ignore_case` nothing is said: RE2 folds case in its own way.
    """
    if test.op != "matches" or test.ignore_case or not isinstance(test.value, str):
        return test
    text = test.value.removeprefix("^")
    starts = text != test.value
    ends = text.endswith("$")
    text = text.removesuffix("$")
    if not text or not _SPECIAL.isdisjoint(text):
        return test
    return Test(_BY_ANCHORS[starts, ends], text)
