"""A condition on a field (`country: DE`, `age: {gte: 18}`): its key and value → a comparison."""

from __future__ import annotations

from segctl.model.operators import OPERATORS, TEXT_COMPARISONS, FieldType
from segctl.model.rule import Compare, Money, Operator, Test
from segctl.spec.node import Mapping, Node, Scalar, Sequence
from segctl.spec.operand import OPERANDS
from segctl.spec.page import Page, shown
from segctl.spec.scalar import NULLS
from segctl.spec.scope import Subject
from segctl.spec.suggest import listed
from segctl.spec.values import TYPE_WORDS, read_flag

_ALL_OPERATORS: dict[str, Operator] = {op: op for operators in OPERATORS.values() for op in operators}
_ONE_VALUE: dict[FieldType, Operator] = {"list": "contains", "date": "on_day", "datetime": "on_day"}
_MONEY: dict[str, Money | None] = {"real": "real", "bonus": "bonus", "both": None}
_Dimensions = tuple[tuple[str, tuple[str, ...]], ...]


def read_condition(page: Page, subject: Subject, key: Scalar, node: Node) -> Compare | None:
    """The comparison that `key: node` is, or None with the mistakes noted."""
    if type(node) is Mapping:
        return _long(page, subject, key, node)
    if type(node) is Scalar and node.plain and node.text in NULLS:
        page.mistake("SEG113", key, f"`{subject.name}` is not compared with anything.", _example(subject))
        return None
    if type(node) is Sequence:
        op: Operator = "contains_any" if subject.type == "list" else "in"
    else:
        op = _ONE_VALUE.get(subject.type, "eq")
    if op not in subject.operators:
        _unfit(page, node, op, subject)
        return None
    value = OPERANDS[op](page, op, node, subject)
    return None if value is None else Compare(subject.name, (Test(op, value),), at=page.at(key))


def _long(page: Page, subject: Subject, key: Scalar, node: Mapping) -> Compare | None:
    before = len(page.mistakes)
    tests: list[Test] = []
    narrowing: list[tuple[str, Node]] = []
    ignore_case = "ignore_case" in node.entries and _ignore_case(page, subject, node)
    for name, (word, value) in node.entries.items():
        if name in subject.operators:
            op = _ALL_OPERATORS[name]
            operand = OPERANDS[op](page, op, value, subject)
            if operand is not None:
                tests.append(Test(op, operand, ignore_case and op in TEXT_COMPARISONS))
        elif name != "ignore_case":
            narrowing.append((name, value))
            _check_known(page, subject, word)
    if not tests and len(page.mistakes) == before:
        page.mistake("SEG113", key, f"`{subject.name}` is not compared with anything.", _example(subject))
    dimensions, money = _narrowed(page, subject, narrowing) if narrowing else ((), None)
    if len(page.mistakes) > before:
        return None
    return Compare(subject.name, tuple(tests), dimensions, money, page.at(key))


def _narrowed(page: Page, subject: Subject, keys: list[tuple[str, Node]]) -> tuple[_Dimensions, Money | None]:
    """The dimensions in one order, and the variant of money."""
    known = sorted((key for key in keys if key[0] in subject.dimensions), key=lambda key: key[0])
    money = [_money(page, value) for name, value in keys if name == "money" and subject.money]
    read = tuple(_dimension(page, subject, name, value) for name, value in known)
    return read, (money[0] if money else None)


def _ignore_case(page: Page, subject: Subject, node: Mapping) -> bool:
    key, value = node.entries["ignore_case"]
    if not subject.ignore_case:
        detail = (
            "Every engine compares the columns of events as they are stored; `ignore_case` does not exist here."
        )
        page.mistake("SEG119", key, detail)
    elif subject.type != "string" or TEXT_COMPARISONS.isdisjoint(node.entries):
        page.mistake("SEG119", key, "`ignore_case` stands beside an operator that compares text.")
    return bool(read_flag(page, value, "`ignore_case`"))


def _dimension(page: Page, subject: Subject, name: str, node: Node) -> tuple[str, tuple[str, ...]]:
    values = subject.dimensions[name]
    column = Subject(name, "string", (), values=values)
    op: Operator = "in" if type(node) is Sequence else "eq"
    operand = OPERANDS[op](page, op, node, column)
    texts = operand if isinstance(operand, tuple) else (operand,)
    return name, tuple(sorted({text for text in texts if isinstance(text, str)}))


def _money(page: Page, node: Node) -> Money | None:
    text = node.text if type(node) is Scalar else ""
    if text not in _MONEY:
        page.mistake("SEG206", node, f"`money` is one of {listed(_MONEY)}.", page.did_you_mean(text, _MONEY))
        return None
    return _MONEY[text]


def _check_known(page: Page, subject: Subject, word: Scalar) -> None:
    """Notes a key that is neither an operator of the subject nor narrows it."""
    name = word.text
    if name in subject.dimensions or (name == "money" and subject.money):
        return
    known = [*subject.operators, *subject.dimensions, *(("money",) if subject.money else ())]
    best = page.nearest(name, known)
    if name in _ALL_OPERATORS:
        _unfit(page, word, _ALL_OPERATORS[name], subject)
    elif name.isdecimal():
        detail = f"{shown(name)} is not an operator: a comma ends a value in braces."
        page.mistake("SEG104", word, detail, "Write numbers without separators: `1000`.")
    elif name == "money":
        page.mistake("SEG115", word, f"`{subject.name}` has no variants of real and bonus money.")
    elif subject.metric and (best is None or best in subject.dimensions):
        has = f"It has {listed(subject.dimensions)}." if subject.dimensions else "It has none."
        page.mistake(
            "SEG115",
            word,
            f"`{subject.name}` has no dimension {shown(name)}.",
            page.did_you_mean(name, known),
            has,
        )
    else:
        detail = f"{shown(name)} is not an operator."
        page.mistake("SEG104", word, detail, page.did_you_mean(name, known), _fitting(subject))


def _unfit(page: Page, node: Node, op: Operator, subject: Subject) -> None:
    if op in OPERATORS[subject.type]:
        detail = f"`{op}` does not exist for the columns of events, since not every engine answers it alike."
    else:
        detail = f"`{subject.name}` is {TYPE_WORDS[subject.type]}; `{op}` does not exist for it."
    page.mistake("SEG205", node, detail, _fitting(subject))


def _fitting(subject: Subject) -> str:
    return f"{TYPE_WORDS[subject.type].capitalize()} has {listed(subject.operators, 20)}."


_EXAMPLES: dict[FieldType, str] = {
    "string": "some text",
    "number": "{gte: 10}",
    "integer": "{gte: 10}",
    "money": "{gte: 10}",
    "boolean": "true",
    "date": "{within: 30d}",
    "datetime": "{within: 30d}",
    "list": "some text",
}


def _example(subject: Subject) -> str:
    return f"Write for example `{subject.name}: {_EXAMPLES[subject.type]}`."
