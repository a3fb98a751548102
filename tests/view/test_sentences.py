"""A sentence means what its rule means, however groups are nested: it is read back with and, or, not and brackets."""

from __future__ import annotations

import re
from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from segctl.model.parts import group_word, parts
from segctl.plan.document import FieldAbout
from segctl.view.english import sentence
from segctl.view.speech import Speech
from segctl.view.where import clause

NAMES = "abc"
SPEECH = Speech({name: FieldAbout("integer", name) for name in NAMES})
PLAYERS = [dict(zip(NAMES, values, strict=True)) for values in product((False, True), repeat=len(NAMES))]
CONDITIONS = st.sampled_from([{name: {"gte": 1}} for name in NAMES])


def _groups(below):
    some = st.lists(below, min_size=1, max_size=3)
    return st.one_of(
        st.builds(lambda word, rules: {word: rules}, st.sampled_from(["all", "any", "none"]), some),
        st.builds(lambda rules: {"at_least": {"n": 2, "of": rules}}, st.lists(below, min_size=3, max_size=3)),
    )


RULES = st.recursive(CONDITIONS, _groups, max_leaves=10)


def holds(rule, player):
    word, below = group_word(rule), [holds(part, player) for part in parts(rule)]
    match word:
        case None:
            return player[next(iter(rule))]
        case "all":
            return all(below)
        case "any":
            return any(below)
        case "none":
            return not any(below)
        case "at_least":
            return sum(below) >= rule[word]["n"]


def level(text):
    """What stands between the brackets of a text, and the joints at its own level: what separates these."""
    found, joints, start, depth = [], [], 0, 0
    for at, character in enumerate(text):
        depth += {"(": 1, ")": -1}.get(character, 0)
        joint = (
            re.compile("(?:; |, )?(?:and |or )|; |, | (?:and|or) ").match(text, at)
            if depth == 0 and at >= start
            else None
        )
        if joint and joint[0] != "":
            found.append(text[start:at])
            joints.append(joint[0].strip(" ;,"))
            start = joint.end()
    return [*found, text[start:]], {one for one in joints if one}


def truth(text, player):
    """What a sentence says of a player."""
    clauses, words = level(text)
    assert len(words) < 2, f"{text} mixes and with or"
    said = [_clause(one, player) for one in clauses]
    return any(said) if words == {"or"} else all(said)


def _clause(text, player):
    counted = re.fullmatch(r"(at least|fewer than) (\d) of \((.*)\)", text)
    if counted:
        number = sum(_clause(one, player) for one in level(counted[3])[0])
        return (number >= int(counted[2])) is (counted[1] == "at least")
    if text.startswith("("):
        return truth(text[1:-1], player)
    name, negated = re.fullmatch(r"(\w)(?: is)?( not)? at least 1", text).groups()
    return player[name] is not bool(negated)


@given(RULES)
def test_a_sentence_means_what_its_rule_means(rule) -> None:
    text = sentence(rule, SPEECH)

    assert [truth(text, player) for player in PLAYERS] == [holds(rule, player) for player in PLAYERS], text


@given(RULES)
def test_a_clause_about_events_means_what_its_rule_means(rule) -> None:
    for negated in (False, True):
        text = clause(rule, SPEECH, negated=negated)

        assert [truth(text, player) for player in PLAYERS] == [
            holds(rule, player) is not negated for player in PLAYERS
        ], text
