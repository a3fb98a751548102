"""What events are called in a sentence, one of them or several, and how many. Raw text."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from segctl.view.figures import number

_SINGULAR = (
    (re.compile(r"(?<=[^aeiou])ies$"), "y"),
    (re.compile(r"(?<=ss|sh|ch|.x|zz)es$"), ""),
    (re.compile(r"(?<=[^ao]us)es$"), ""),  # bonuses, but houses and causes
    (re.compile(r"(?<=[^sui])s$"), ""),
)
_AMOUNTS = {"gte": "at least", "gt": "more than", "lte": "at most", "lt": "fewer than", "eq": "exactly"}
_OPPOSITES = {
    "eq": "ne", "ne": "eq", "gt": "lte", "lte": "gt", "gte": "lt", "lt": "gte", "in": "not_in", "not_in": "in",
}  # fmt: skip


def singular(noun: str) -> str:
    """`payments` → payment, `bonuses` → bonus. What is no plural stays."""
    for ending, put in _SINGULAR:
        if ending.search(noun):
            return ending.sub(put, noun)
    return noun


def plural(noun: str) -> str:
    """`login` → logins. What is a plural already stays."""
    if singular(noun) != noun:
        return noun
    if re.search(r"[^aeiou]y$", noun):
        return f"{noun[:-1]}ies"
    return noun + ("es" if re.search(r"(s|sh|ch|x|z)$", noun) else "s")


def be(noun: str) -> str:
    """`stake` is, `minutes` are."""
    return "is" if singular(noun) == noun else "are"


def article(noun: str) -> str:
    """`a` bet, `an` adjustment, `an` rg event: an abbreviation is spelled out."""
    spelled = re.match(r"[b-df-hj-np-tv-xz]+\b", noun) is not None
    return "an" if noun.lower().startswith(tuple("aefhilmnorsx" if spelled else "aeio")) else "a"


def either(words: Sequence[str], conjunction: str = "or") -> str:
    """card, bank or wallet."""
    *most, last = words
    return f"{', '.join(most)} {conjunction} {last}" if most else last


def quantity(tests: Mapping[str, Any], one: str, many: str, *, negated: bool = False) -> str:
    """How many: at least 3 bets, no bets. Nothing for tests that cannot be told so.

    What is counted is never missing, so the opposite of `at least 3` is `fewer than 3`.
    """
    if negated:
        return _opposite(tests, one, many)
    said = [_amount(operator, operand) for operator, operand in tests.items() if operator not in ("ne", "not_in")]
    but = [figure for operator in ("ne", "not_in") for figure in _figures(tests.get(operator))]
    if said == ["no"] and not but:
        return f"no {many}"
    if not said:
        return f"at least 1 {one}" if but == ["0"] else f"any number of {many} but {either(but)}"
    noun = one if said[-1].split()[-1] == "1" else many
    return " and ".join(said) + (f" but not {either(but)}" if but else "") + f" {noun}"


def opposite(tests: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """The test that holds just where this one does not, for a value that is never missing."""
    if len(tests) != 1:
        return None
    ((operator, operand),) = tests.items()
    return {_OPPOSITES[operator]: operand} if operator in _OPPOSITES else None


def _opposite(tests: Mapping[str, Any], one: str, many: str) -> str:
    match dict(tests):
        case {"between": [low, high], **others} if not others:
            return f"fewer than {number(low)} or more than {number(high)} {many}"
    turned = opposite(tests)
    return quantity(turned, one, many) if turned else ""


def _amount(operator: str, operand: Any) -> str:
    if (operator, operand) in (("eq", 0), ("lte", 0), ("lt", 1)):
        return "no"
    if (operator, operand) == ("gt", 0):
        return "at least 1"
    if operator == "between":
        return f"between {either(_figures(operand), 'and')}"
    return f"{_AMOUNTS.get(operator, 'exactly')} {either(_figures(operand))}"


def _figures(operand: Any) -> list[str]:
    if operand is None:
        return []
    return [number(one) for one in (operand if isinstance(operand, list) else [operand])]
