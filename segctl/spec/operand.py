"""An operator and its value → a test. What each operator takes stands in one table."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal

from segctl.model.rule import Now, Operator, Value, Values
from segctl.model.time import Duration
from segctl.spec.moments import counts_hours, read_date, read_date_or_moment, read_duration
from segctl.spec.node import Node, Scalar, Sequence
from segctl.spec.page import Page, shown
from segctl.spec.scalar import kind_of
from segctl.spec.scope import Subject
from segctl.spec.suggest import listed
from segctl.spec.values import READERS, read_flag, read_text

Operand = Value | Values
NOW = Now()


def _one(page: Page, _op: Operator, node: Node, subject: Subject) -> Value | None:
    value = READERS[subject.type](page, node, subject)
    if subject.values and value is not None and not _allowed(page, node, value, subject):
        return None
    return value


def _part(page: Page, op: Operator, node: Node, subject: Subject) -> Operand | None:
    """Part of a text. The empty text is part of every text, so it says nothing."""
    value = read_text(page, node, subject)
    if value == "":
        page.mistake("SEG113", node, f"`{op}` with an empty text is true of every text.")
        return None
    return value


def _list_name(page: Page, op: Operator, node: Node, _subject: Subject) -> Operand | None:
    """The name of a `kind: List`; whether there is one shows when all documents are seen together."""
    if type(node) is Scalar and kind_of(node) == "text" and node.text:
        return node.text
    page.mistake("SEG201", node, f"`{op}` takes the name of a list.", "Write `in_list: dach`, or `in: [DE, AT]`.")
    return None


def _pattern(page: Page, op: Operator, node: Node, subject: Subject) -> Operand | None:
    value = _part(page, op, node, subject)
    if not isinstance(value, str):
        return None
    import re2  # noqa: PLC0415 - few rules need it

    options = re2.Options()
    options.log_errors = False
    try:
        re2.compile(value, options)
    except re2.error as error:
        reason = error.args[0].decode(errors="replace") if isinstance(error.args[0], bytes) else str(error)
        detail = f"RE2 does not read this regular expression: {reason}."
        page.mistake("SEG211", node, detail, "Look-around and back-references do not exist in RE2.")
        return None
    return value


def _list(page: Page, op: Operator, node: Node, subject: Subject) -> Operand | None:
    if type(node) is not Sequence:
        page.mistake("SEG201", node, f"`{op}` takes a list.", f"Write `{op}: [a, b]`.")
        return None
    if not node.items:
        page.mistake("SEG113", node, f"`{op}` has an empty list.")
        return None
    values = tuple(value for item in node.items if (value := _one(page, op, item, subject)) is not None)
    return values if len(values) == len(node.items) else None


def _range(page: Page, op: Operator, node: Node, subject: Subject) -> Operand | None:
    if type(node) is not Sequence or len(node.items) != 2:
        page.mistake(
            "SEG201", node, f"`{op}` takes two values.", f"Write `{op}: [low, high]`; both ends are included."
        )
        return None
    low, high = (READERS[subject.type](page, item, subject) for item in node.items)
    if low is None or high is None:
        return None
    if _greater(low, high):
        page.mistake("SEG209", node, "The first value is greater than the second, so nothing is between them.")
        return None
    return (low, high)


def _greater(low: Value, high: Value) -> bool:
    """Of a day and a time nothing is said: it depends on the time zone."""
    match low, high:
        case (datetime(), datetime()):
            return low > high
        case (datetime(), _) | (_, datetime()):
            return False
        case (date(), date()) | (int() | Decimal(), int() | Decimal()):
            return low > high  # type: ignore[operator]  # mypy does not narrow both sides of a tuple
        case _:
            return False


def _flag(page: Page, op: Operator, node: Node, _subject: Subject) -> Operand | None:
    return read_flag(page, node, f"`{op}`")


def _day(page: Page, op: Operator, node: Node, _subject: Subject) -> Operand | None:
    return read_date(page, node, what=f"`{op}`")


def _bound(page: Page, op: Operator, node: Node, subject: Subject) -> Operand | None:
    if type(node) is Scalar and node.text == "now":
        return NOW
    if subject.type == "date":
        return read_date(page, node, what=f"`{op}` on `{subject.name}`")
    return read_date_or_moment(page, node, what=f"`{op}`")


def _distance(page: Page, op: Operator, node: Node, subject: Subject) -> Duration | None:
    result = read_duration(page, node)
    days_only = subject.type == "date" or op == "anniversary_within"
    if result is None or not days_only or not isinstance(node, Scalar) or not counts_hours(node.text):
        return result
    what = (
        "Anniversaries are counted" if op == "anniversary_within" else f"`{subject.name}` is a date; it is counted"
    )
    help_line = f"Write `{result.seconds // 86_400}d`." if result.whole_days else "Write days, such as `1d`."
    page.mistake("SEG207", node, f"{what} in days, and {shown(node.text)} is in hours or minutes.", help_line)
    return None


def _allowed(page: Page, node: Node, value: Value, subject: Subject) -> bool:
    if value in subject.values:
        return True
    text = str(value)
    said = "This" if subject.secret else shown(text)
    hints = (
        ()
        if subject.secret
        else (page.did_you_mean(text, subject.values), f"It may be {listed(sorted(subject.values))}.")
    )
    page.mistake("SEG206", node, f"{said} is not one of the values of `{subject.name}`.", *hints)
    return False


# operator → the reader of what it compares with, which gives None with the mistakes noted.
OPERANDS: dict[Operator, Callable[[Page, Operator, Node, Subject], Operand | None]] = {
    **dict.fromkeys(("eq", "ne", "gt", "gte", "lt", "lte"), _one),
    **dict.fromkeys(("in", "not_in", "contains_any", "contains_all"), _list),
    **dict.fromkeys(("starts_with", "ends_with"), _part),
    "contains": lambda page, op, node, subject: (_one if subject.type == "list" else _part)(
        page, op, node, subject
    ),
    "matches": _pattern,
    "in_list": _list_name,
    "between": _range,
    "on_day": _day,
    **dict.fromkeys(("before", "after"), _bound),
    **dict.fromkeys(("older_than", "within", "within_next", "anniversary_within"), _distance),
    **dict.fromkeys(("is_set", "is_empty"), _flag),
}
