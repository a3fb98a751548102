"""Canonical rules → plain English, for people who never read YAML. Raw: made safe where it is shown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from segctl.model.parts import group_word, parts
from segctl.view.condition import condition
from segctl.view.nouns import either
from segctl.view.speech import Speech, window

# A group as it holds, and as it does not.
_WORDS = {
    "all": ("all of", "not all of"),
    "any": ("at least one of", "none of"),
    "none": ("none of", "at least one of"),
    "at_least": ("at least {n} of", "fewer than {n} of"),
}
# What stands in a clause that a comma before the next one would be mistaken for.
_MIXED = (", ", "; ", " and ", " or ")

Rule = Mapping[str, Any]


def outline(rule: Rule, speech: Speech) -> list[tuple[int, str]]:
    """A rule as lines with their depth: one for each condition, and one for each group above them."""
    return list(_lines(rule, speech, 0))


def sentence(rule: Rule, speech: Speech) -> str:
    """A rule in one line: groups inside it stand in brackets, and what does not hold is turned inside out."""
    bare, denied = _peeled(rule)
    return _joined(bare, speech, denied=denied) if "during" not in bare else _clause(bare, speech, denied=denied)


def heading(group: Rule, *, denied: bool = False) -> str:
    """A group without its conditions: in the last 30 days, all of."""
    word = group_word(group) or "all"
    n = group[word]["n"] if word == "at_least" else 0
    said = _WORDS[word][denied].format(n=n)
    return f"{window(group['during'])}, {said}" if "during" in group else said


def listed(players: Any) -> int:
    """How many players a list in a definition has, redacted or not."""
    return int(players.get("count", 0)) if isinstance(players, Mapping) else len(players)


def _lines(rule: Rule, speech: Speech, depth: int) -> Iterator[tuple[int, str]]:
    bare, denied = _peeled(rule)
    alone = _alone(bare, speech, denied=denied)
    if alone is not None:
        yield depth, alone
        return
    yield depth, f"{heading(bare, denied=denied)}:"
    for part in parts(bare):
        yield from _lines(part, speech, depth + 1)


def _alone(rule: Rule, speech: Speech, *, denied: bool) -> str | None:
    """A condition, or a group of a single one: what its range scopes, or that it does not hold."""
    word = group_word(rule)
    if not _is_single(rule):
        return None
    if word is None:
        return condition(rule, speech, negated=denied)
    (only,) = parts(rule)
    return condition(only, speech, rule.get("during"), negated=denied != (word == "none"))


def _is_single(rule: Rule) -> bool:
    """Is a rule one condition, whatever stands around it?"""
    word, below = group_word(rule), parts(rule)
    return word is None or (word != "at_least" and len(below) == 1 and group_word(below[0]) is None)


def _peeled(rule: Rule) -> tuple[Rule, bool]:
    """A rule without the groups that only hold one other group, and whether they turn it round.

    The range of such a group scopes what is in it, unless the inner one has its own.
    """
    denied = False
    while group_word(rule) in ("all", "any", "none") and len(parts(rule)) == 1:
        (inner,) = parts(rule)
        if group_word(inner) is None:
            break
        denied ^= "none" in rule
        rule = {**({"during": rule["during"]} if "during" in rule else {}), **inner}
    return rule, denied


def _clause(rule: Rule, speech: Speech, *, denied: bool = False) -> str:
    """A rule inside a sentence."""
    bare, turned = _peeled(rule)
    denied ^= turned
    alone = _alone(bare, speech, denied=denied)
    if alone is not None:
        return alone
    between = f"{window(bare['during'])} " if "during" in bare else ""
    text = _joined(bare, speech, denied=denied)
    return f"{between}{text}" if group_word(bare) == "at_least" else f"{between}({text})"


def _joined(rule: Rule, speech: Speech, *, denied: bool) -> str:
    """The parts of a group with and, or, or how many of them; a condition as it is."""
    word, alone = group_word(rule), _alone(rule, speech, denied=denied)
    if word is None or alone is not None:
        return alone or ""
    if word == "at_least":
        of = heading({word: rule[word]}, denied=denied)
        return f"{of} ({'; '.join(_clause(part, speech) for part in parts(rule))})"
    both, flat = _flat(rule, denied=denied)
    return listing([_clause(part, speech, denied=turned) for part, turned in flat], "and" if both else "or")


def _flat(rule: Rule, *, denied: bool) -> tuple[bool, list[tuple[Rule, bool]]]:
    """What a group joins, by and or by or, and which of it does not hold; brackets come last.

    A group inside that joins in the same way is no group of its own in a sentence.
    """
    word = group_word(rule)
    both, below = (word == "any") == denied, denied != (word == "none")
    single: list[tuple[Rule, bool]] = []
    groups: list[tuple[Rule, bool]] = []
    for part in parts(rule):
        bare, turned = _peeled(part)
        turned ^= below
        if _is_single(bare):
            single.append((bare, turned))
        elif "during" in bare or group_word(bare) == "at_least" or ((group_word(bare) == "any") == turned) != both:
            groups.append((bare, turned))
        else:
            _, flat = _flat(bare, denied=turned)
            single += [one for one in flat if _is_single(one[0])]
            groups += [one for one in flat if not _is_single(one[0])]
    return both, single + groups


def listing(clauses: Sequence[str], word: str) -> str:
    """Clauses joined by a word, with semicolons where commas would be misread."""
    if len(clauses) < 2 or not any(mark in clause for clause in clauses for mark in _MIXED):
        return either(clauses, word)
    return f"{'; '.join(clauses[:-1])}; {word} {clauses[-1]}"
