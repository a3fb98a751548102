"""`rules:` and `where:`: a tree of groups and conditions → a rule."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from segctl.model.rule import Compare, Group, InSegment, Rule
from segctl.model.time import Window
from segctl.spec.condition import read_condition
from segctl.spec.node import Mapping, Node, Scalar, Sequence
from segctl.spec.page import Page, shown
from segctl.spec.scalar import is_null, kind_of
from segctl.spec.scope import GROUP_WORDS, HEADS, RESERVED, Scope
from segctl.spec.window import read_window


@dataclass(slots=True)
class Reading:
    """One rule being read. `uses` collects where it names which segments."""

    page: Page
    scope: Scope
    uses: list[Scalar] = field(default_factory=list)


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
        return read_condition(reading.page, subject, key, value)
    for name in entries:
        if name in GROUP_WORDS or name == "during":
            return _group(reading, node, root=root)
    if more:
        _two(reading, node, root=root)
        return None
    head = _HEADS.get(key.text)
    if head is not None and reading.scope.segments:
        return head(reading, key, value)
    _unknown(reading, key)
    return None


def _group(reading: Reading, node: Mapping, *, root: bool) -> Group | None:
    page = reading.page
    word = _group_word(page, node)
    window: Window | None = None
    during = node.entries.get("during")
    if during is not None:
        window = read_window(page, during[1])
    if word is None:
        return None
    parts = node.entries[word.text][1]
    if type(parts) is not Sequence or not parts.items:
        _not_a_list(page, word, parts)
        return None
    read = tuple([rule for part in parts.items if (rule := _rule(reading, part)) is not None])
    if not root and len(parts.items) == 1 and during is None and word.text != "none":
        _single(page, word)
    if len(read) < len(parts.items) or (during is not None and window is None):
        return None
    if during is not None and not _scopes(reading.scope, read):
        page.mistake(
            "SEG114", during[0], "Nothing below counts events, so the range changes nothing.", _METRICS_ONLY
        )
    return Group(GROUP_WORDS[word.text], read, window, page.at(word))


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
    if name in HEADS or name == "at_least":
        reading.page.mistake("SEG101", key, f"`{name}` is a reserved word, and not a condition here.")
    elif scope.complete:
        best = reading.page.nearest(name, [*scope.subjects, *GROUP_WORDS, *(_HEADS if scope.segments else ())])
        near = scope.subjects.get(best) if best else None
        about = near.about if near else ""
        hint = f"Did you mean `{best}`{f' ({about})' if about else ''}?" if best else ""
        reading.page.mistake("SEG101", key, f"{scope.owner} has no field {shown(name)}.", hint)


def _scopes(scope: Scope, rules: tuple[Rule, ...]) -> bool:
    """Is there a metric below that this range is the nearest of?"""
    for rule in rules:
        if isinstance(rule, Compare):
            if scope.subjects[rule.field].metric:
                return True
        elif isinstance(rule, Group) and rule.during is None and _scopes(scope, rule.rules):
            return True
    return False


def _in_segment(reading: Reading, key: Scalar, node: Node) -> InSegment | None:
    items = node.items if type(node) is Sequence else [node]
    if not items or is_null(node):
        reading.page.mistake("SEG113", key, "`in_segment` names no segment.", "Write `in_segment: vip`.")
        return None
    names: list[str] = []
    for item in items:
        if type(item) is Scalar and kind_of(item) == "text":
            names.append(item.text)
            reading.uses.append(item)
        elif type(item) is Scalar:
            text = f'"{item.text}"'
            reading.page.mistake("SEG204", item, "The name of a segment is text.", f"Write `{text}`.")
        else:
            reading.page.mistake("SEG201", item, "`in_segment` takes the name of a segment, or a list of names.")
    return InSegment(tuple(dict.fromkeys(names)), reading.page.at(key)) if len(names) == len(items) else None


_HEADS: dict[str, Callable[[Reading, Scalar, Node], Rule | None]] = {"in_segment": _in_segment}
