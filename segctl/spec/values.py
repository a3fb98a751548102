"""A value in a rule → the value of the field's type. Nothing is coerced: a number is not a text."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from string import ascii_letters

from segctl.model.operators import FieldType
from segctl.model.rule import Value
from segctl.spec.moments import looks_like_a_time, read_date, read_date_or_moment
from segctl.spec.node import Mapping, Node, Scalar
from segctl.spec.page import Page, shown
from segctl.spec.scalar import KIND_WORDS, LONGEST_NUMBER, boolean, integer, kind_of
from segctl.spec.scope import Subject

TYPE_WORDS: dict[FieldType, str] = {
    "string": "text",
    "number": "a number",
    "integer": "a whole number",
    "money": "an amount of money",
    "boolean": "true or false",
    "date": "a date",
    "datetime": "a point in time",
    "list": "a list of texts",
}
_MOST_DIGITS = 15
_MOST_DECIMALS = 6
_INT64 = 2**63
# A text that begins so is nothing else in YAML: no number, no date, and not `null`, `true` or `false`.
_SURE_LETTERS = frozenset(ascii_letters) - frozenset("nNtTfF")
_YES_NO = {
    "yes": "true",
    "y": "true",
    "on": "true",
    "1": "true",
    "no": "false",
    "n": "false",
    "off": "false",
    "0": "false",
}


def read_text(page: Page, node: Node, subject: Subject) -> str | None:
    """A text; what YAML takes for something else must be quoted."""
    if type(node) is Scalar and node.text[:1] in _SURE_LETTERS:
        return node.text
    if type(node) is Scalar and (not node.plain or (kind_of(node) == "text" and not looks_like_a_time(node))):
        return node.text
    if type(node) is Scalar and kind_of(node) != "null":
        kind = "a date" if looks_like_a_time(node) else KIND_WORDS[kind_of(node)]
        text = f'"{node.text}"'
        page.mistake("SEG204", node, f"`{subject.name}` is text and this is {kind}.", f"Write {shown(text)}.")
        return None
    wrong(page, node, subject)
    return None


def read_flag(page: Page, node: Node, what: str) -> bool | None:
    """A flag. `what` names who wants it, for the message."""
    if type(node) is Scalar:
        value = boolean(node)
        if value is not None:
            return value
        if kind_of(node) == "null":
            page.mistake("SEG113", node, f"{what} has no value.", "Write `true` or `false`.")
            return None
        word = _YES_NO.get(node.text.lower())
        help_line = f"Write `{word}`." if word else "Write `true` or `false`, without quotes."
        page.mistake("SEG204", node, f"{what} is true or false.", help_line)
        return None
    page.mistake("SEG201", node, f"{what} takes one value: `true` or `false`.")
    return None


def exact(value: Decimal) -> Decimal | None:
    """The number in one form, or None if it has more digits than every engine and JSON keep exactly.

    `value` has at most LONGEST_NUMBER digits.
    """
    if not value:
        return Decimal(0)
    if not -_MOST_DECIMALS <= value.adjusted() < _MOST_DIGITS:
        return None
    short = value.normalize()
    _, digits, exponent = short.as_tuple()
    if not isinstance(exponent, int) or len(digits) > _MOST_DIGITS or exponent < -_MOST_DECIMALS:
        return None
    return short if exponent <= 0 else Decimal(int(short))


def wrong(page: Page, node: Node, subject: Subject) -> None:
    """Notes that a node is not a value of the subject's type."""
    wanted = TYPE_WORDS[subject.type]
    if type(node) is not Scalar:
        kind = "a mapping" if type(node) is Mapping else "a list"
        page.mistake(
            "SEG201", node, f"`{subject.name}` is {wanted}; one value is wanted here, and this is {kind}."
        )
    elif kind_of(node) == "null":
        page.mistake("SEG113", node, f"`{subject.name}` is {wanted}, and there is no value here.")
    else:
        is_what = KIND_WORDS[kind_of(node)]
        page.mistake("SEG204", node, f"`{subject.name}` is {wanted} and this is {is_what}.", _number_help(node))


def _number_help(node: Scalar) -> str:
    bare = node.text[:LONGEST_NUMBER].replace("_", "").replace(",", "").replace(" ", "")
    return (
        f"Write `{bare}`." if kind_of(Scalar(bare, True, node.start, node.end)) in ("integer", "decimal") else ""
    )


def _number(page: Page, node: Node, subject: Subject) -> Decimal | None:
    if type(node) is not Scalar:
        wrong(page, node, subject)
        return None
    text = node.text
    if node.plain and len(text) <= _MOST_DIGITS and text.isdigit() and text.isascii():
        return Decimal(text)  # nearly every one
    kind = kind_of(node)
    if kind == "integer" and len(text) <= LONGEST_NUMBER:
        value = exact(Decimal(integer(text)))
    elif kind == "decimal" and len(text) <= LONGEST_NUMBER and text[-1] not in "fFnN":
        value = _decimal(text)
    elif kind in ("integer", "decimal"):
        value = None
    else:
        wrong(page, node, subject)
        return None
    if value is None:
        detail = f"{shown(text)} cannot be kept exactly: numbers have at most 15 digits, 6 of them decimals."
        page.mistake("SEG210", node, detail)
    return value


def _decimal(text: str) -> Decimal | None:
    try:
        return exact(Decimal(text))
    except InvalidOperation:  # an exponent beyond what decimals know
        return None


def _integer(page: Page, node: Node, subject: Subject) -> int | None:
    if type(node) is not Scalar:
        wrong(page, node, subject)
        return None
    text = node.text
    if node.plain and len(text) <= _MOST_DIGITS and text.isdigit() and text.isascii():
        return int(text)  # nearly every one
    kind = kind_of(node)
    if kind == "integer" and len(text) <= LONGEST_NUMBER:
        value = integer(text)
        if -_INT64 <= value < _INT64:
            return value
    if kind == "decimal" and text[-1] not in "fFnN":
        page.mistake("SEG204", node, f"`{subject.name}` is a whole number and this has a fraction or an exponent.")
    elif kind in ("integer", "decimal"):
        page.mistake("SEG210", node, f"{shown(text)} does not fit 64 bits.")
    else:
        wrong(page, node, subject)
    return None


def _boolean(page: Page, node: Node, subject: Subject) -> bool | None:
    return read_flag(page, node, f"`{subject.name}`")


def _date(page: Page, node: Node, subject: Subject) -> Value | None:
    return read_date(page, node, what=f"`{subject.name}`")


def _moment(page: Page, node: Node, subject: Subject) -> Value | None:
    return read_date_or_moment(page, node, what=f"`{subject.name}`")


# type → the reader of one value of it, which gives None with the mistake noted.
READERS: dict[FieldType, Callable[[Page, Node, Subject], Value | None]] = {
    "string": read_text,
    "list": read_text,
    "number": _number,
    "money": _number,
    "integer": _integer,
    "boolean": _boolean,
    "date": _date,
    "datetime": _moment,
}
