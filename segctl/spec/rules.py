"""`rules:` and `where:`: a tree of groups and conditions → a rule."""

from __future__ import annotations

from segctl.model.rule import Bucket, Compare, Group, InSegment, Rule, WasInSegment
from segctl.model.time import Window
from segctl.spec.condition import read_condition
from segctl.spec.happened import EVENT_HEADS, siblings_fit
from segctl.spec.heads import HEADS as PLAIN_HEADS
from segctl.spec.node import Mapping, Node, Scalar, Sequence
from segctl.spec.page import Page, shown
from segctl.spec.reading import Reading
from segctl.spec.scalar import integer, is_null, kind_of
from segctl.spec.scope import GROUP_WORDS, HEADS, RESERVED, Scope
from segctl.spec.window import read_window


def read_rules(reading: Reading, node: Node) -> Rule | None:
    """The rule a document states: a group, or one condition. None with the mistakes noted."""
    return _rule(reading, node, root=True)


def _rule(reading: Reading, node: Node, *, root: bool = False) -> Rule | None:
    if type(node) is not Mapping or not node.entries:
        _not_a_rule(reading.page, node)
        return None
    entries = node.entries
    [(key, value), *more] = entries.values()
    subject = reading.scope.subjects.get(key.text)
    if subject is not None and not more:
        rule = read_condition(reading.page, subject, key, value)
        _note_lists(reading, rule, value)
        return rule
    for name in entries:
        if name in GROUP_WORDS:
            return _group(reading, node, root=root)
    head = next((name for name in entries if name in HEADS), None)
    if head is not None and reading.scope.segments:
        return _headed(reading, node, head)
    if "during" in entries:
        return _group(reading, node, root=root)
    if more:
        _two(reading, node, root=root)
    else:
        _unknown(reading, key)
    return None


def _headed(reading: Reading, node: Mapping, head: str) -> Rule | None:
    """A condition that is not a field."""
    if not siblings_fit(reading.page, head, node):
        return None
    if head in EVENT_HEADS:
        return EVENT_HEADS[head](reading, node, read_rules)
    return PLAIN_HEADS[head](reading, *node.entries[head])


def _note_lists(reading: Reading, rule: Compare | None, node: Node) -> None:
    """Names of lists are uses too."""
    if rule is None or type(node) is not Mapping or "in_list" not in node.entries:
        return
    name = node.entries["in_list"][1]
    if type(name) is Scalar:
        reading.use("list", name)


def _group(reading: Reading, node: Mapping, *, root: bool) -> Group | None:
    page = reading.page
    word = _group_word(page, node)
    during = node.entries.get("during")
    window: Window | None = read_window(page, during[1]) if during is not None else None
    if word is None:
        return None
    parts, n = _parts(page, word, node.entries[word.text][1])
    if parts is None:
        return None
    reading.negated ^= word.text == "none"
    read = tuple([rule for part in parts if (rule := _rule(reading, part)) is not None])
    reading.negated ^= word.text == "none"
    if not root and len(parts) == 1 and during is None and word.text != "none":
        _single(page, word)
    if len(read) < len(parts) or (during is not None and window is None):
        return None
    if during is not None and not _scopes(reading.scope, read):
        page.mistake(
            "SEG114", during[0], "Nothing below counts events, so the range changes nothing.", _METRICS_ONLY
        )
    return Group(GROUP_WORDS[word.text], read, window, n, page.at(word))


def _parts(page: Page, word: Scalar, node: Node) -> tuple[list[Node] | None, int]:
    """The conditions of a group, and of `at_least` how many must hold."""
    n = 0
    if word.text == "at_least":
        if type(node) is not Mapping or set(node.entries) != {"n", "of"}:
            page.mistake("SEG213", word, "`at_least` says how many, and of which.", _AT_LEAST)
            return None, 0
        count, node = node.entries["n"][1], node.entries["of"][1]
        size = len(node.items) if type(node) is Sequence else 0
        whole = type(count) is Scalar and kind_of(count) == "integer" and len(count.text) < 5
        n = integer(count.text) if whole and type(count) is Scalar else 0
        if size and not 1 < n < size:
            detail = f"`n` is a whole number above 1 and below the number of conditions, {size}."
            page.mistake("SEG213", count, detail, "For one use `any`, for every one `all`.")
            return None, 0
    if type(node) is not Sequence or not node.items:
        _not_a_list(page, word, node)
        return None, 0
    return node.items, n


_AT_LEAST = "Write `at_least: {n: 2, of: [...]}`, with three conditions or more."
_METRICS_ONLY = "Attributes and other segments are not scoped; an inner `during` replaces this one."


def _group_word(page: Page, node: Mapping) -> Scalar | None:
    """The key that says how the conditions combine. A group without `during` has no other key."""
    words = [key for name, (key, _) in node.entries.items() if name in GROUP_WORDS]
    if not words:
        key = node.entries["during"][0]
        page.mistake("SEG116", key, "`during` heads a group, and there is none.", "Write `all:` below it.")
        return None
    for name, (key, _) in node.entries.items():
        if key is not words[0] and name != "during":
            _stranger(page, words[0], key)
            return None
    return words[0]


def _stranger(page: Page, word: Scalar, key: Scalar) -> None:
    """A key beside a group word that is not `during`."""
    if key.text in GROUP_WORDS:
        page.mistake(
            "SEG116", key, f"{shown(key.text)} and `{word.text}` stand in one mapping.", _OWN_ITEM.format(key.text)
        )
    else:
        detail = f"{shown(key.text)} stands beside `{word.text}`, in one mapping."
        page.mistake("SEG110", key, detail, f"Put it into the list of `{word.text}`, with `-` before it.")


_OWN_ITEM = "Make it an item of its own: put `-` before `{}`, in the list of the other."


def _not_a_list(page: Page, word: Scalar, parts: Node) -> None:
    if type(parts) is Sequence or is_null(parts):
        page.mistake("SEG111", word, f"`{word.text}` has no conditions.", "Add conditions, or remove the group.")
    else:
        help_line = "Put `-` before each condition."
        page.mistake("SEG201", parts, f"`{word.text}` takes a list of conditions.", help_line)


def _single(page: Page, word: Scalar) -> None:
    detail = f"`{word.text}` has one condition; a layer below the first needs two or more."
    page.mistake("SEG112", word, detail, "Move the condition up, or add another.")


def _not_a_rule(page: Page, node: Node) -> None:
    if type(node) is Scalar and kind_of(node) == "text":
        page.mistake("SEG113", node, "A condition has a field and a value.", f"Write `{node.text[:40]}: …`.")
    elif is_null(node) or type(node) is Mapping:
        page.mistake("SEG113", node, "There is no condition here.")
    else:
        page.mistake("SEG201", node, "A condition is a mapping, such as `country: DE`.")


def _two(reading: Reading, node: Mapping, *, root: bool) -> None:
    first, second, *_ = (key for key, _ in node.entries.values())
    detail = f"{shown(first.text)} and {shown(second.text)} stand in one mapping."
    if second.text in RESERVED and second.text not in HEADS:
        help_line = f"Put operators in braces: `{{{second.text}: …}}`."
    elif root:
        help_line = "Write `all:`, and below it each condition with `-` before it."
    else:
        help_line = f"Put `-` before {shown(second.text)}."
    reading.page.mistake("SEG110", second, detail, help_line)


def _unknown(reading: Reading, key: Scalar) -> None:
    scope, name = reading.scope, key.text
    if name in scope.unsure:
        return
    if name in HEADS:
        reading.page.mistake("SEG101", key, f"`{name}` is a reserved word, and not a condition here.")
    elif scope.complete:
        best = reading.page.nearest(name, [*scope.subjects, *GROUP_WORDS, *(HEADS if scope.segments else ())])
        near = scope.subjects.get(best) if best else None
        about = near.about if near else ""
        hint = f"Did you mean `{best}`{f' ({about})' if about else ''}?" if best else ""
        reading.page.mistake("SEG101", key, f"{scope.owner} has no field {shown(name)}.", hint)


def _scopes(scope: Scope, rules: tuple[Rule, ...]) -> bool:
    """Is there anything below that counts events and that this range is the nearest of?"""
    for rule in rules:
        match rule:
            case Compare(field):
                if scope.subjects[field].metric:
                    return True
            case Group(_, parts, during):
                if during is None and _scopes(scope, parts):
                    return True
            case InSegment() | WasInSegment() | Bucket():
                pass
            case _:  # events, and named rules, which are read elsewhere
                if getattr(rule, "during", None) is None:
                    return True
    return False
