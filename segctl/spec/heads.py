"""Conditions that are not fields: memberships, splits, named rules. Their nodes → rules. Events: happened.py."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from segctl.model.operators import TIME
from segctl.model.rule import Bucket, Compare, InSegment, Named, Test, WasInSegment
from segctl.model.time import Window
from segctl.spec.condition import read_condition
from segctl.spec.node import Mapping, Node, Scalar, Sequence
from segctl.spec.page import Page, shown
from segctl.spec.reading import Reading
from segctl.spec.scalar import is_null, kind_of
from segctl.spec.scope import Subject
from segctl.spec.suggest import listed
from segctl.spec.values import READERS
from segctl.spec.window import read_window

_SINCE = Subject("since", "datetime", tuple(op for op in TIME if op not in ("is_set", "anniversary_within")))
_PERCENT = Subject("percent", "number", ())
_WHOLE = Decimal(100)


def in_segment(reading: Reading, key: Scalar, node: Node) -> InSegment | None:
    """`in_segment: vip`, a list of names, or `{segment: vip, since: {older_than: 30d}}`."""
    page = reading.page
    if type(node) is not Mapping:
        names = _segments(reading, key, node)
        return None if names is None else InSegment(names, at=page.at(key))
    before = len(page.mistakes)
    parts = keys(page, key, node, ("segment", "since"), needed=("segment", "since"))
    names = _segments(reading, *parts["segment"]) if "segment" in parts else None
    since = tests(page, _SINCE, *parts["since"]) if "since" in parts else None
    if names is None or since is None or len(page.mistakes) > before:
        return None
    return InSegment(names, since, page.at(key))


def was_in_segment(reading: Reading, key: Scalar, node: Node) -> WasInSegment | None:
    """`was_in_segment: {segment: vip, during: {last: 90d}}`, or names alone: ever."""
    page = reading.page
    if type(node) is not Mapping:
        names = _segments(reading, key, node)
        return None if names is None else WasInSegment(names, at=page.at(key))
    before = len(page.mistakes)
    parts = keys(page, key, node, ("segment", "during"), needed=("segment",))
    names = _segments(reading, *parts["segment"]) if "segment" in parts else None
    window: Window | None = read_window(page, parts["during"][1]) if "during" in parts else None
    if names is None or len(page.mistakes) > before:
        return None
    return WasInSegment(names, window, page.at(key))


def bucket(reading: Reading, key: Scalar, node: Node) -> Bucket | None:
    """`bucket: {salt: spring-test, percent: [0, 10]}`."""
    page = reading.page
    if type(node) is not Mapping:
        page.mistake("SEG214", node, "`bucket` has a salt and a stretch of percent.", _BUCKET)
        return None
    parts = keys(page, key, node, ("salt", "percent"), needed=("salt", "percent"))
    salt = _name(page, parts["salt"][1], "The salt of a bucket") if "salt" in parts else None
    stretch = _stretch(page, parts["percent"][1]) if "percent" in parts else None
    return None if salt is None or stretch is None else Bucket(salt, *stretch, page.at(key))


def rule(reading: Reading, key: Scalar, node: Node) -> Named | None:
    """`rule: active-depositor`."""
    name = _name(reading.page, node, "`rule`")
    if name is None or type(node) is not Scalar:
        return None
    reading.use("rule", node)
    return Named(name, reading.page.at(key))


def keys(
    page: Page, head: Scalar, node: Mapping, known: tuple[str, ...], *, needed: tuple[str, ...]
) -> dict[str, tuple[Scalar, Node]]:
    """The known keys below a head; notes the others, and which are missing."""
    for name, (key, _) in node.entries.items():
        if name not in known:
            hint = page.did_you_mean(name, known) or f"Its keys are {listed(known)}."
            page.mistake("SEG102", key, f"`{head.text}` has no key {shown(name)}.", hint)
    for name in needed:
        if name not in node.entries:
            page.mistake("SEG103", head, f"`{head.text}` needs the key `{name}`.")
    return {name: entry for name, entry in node.entries.items() if name in known}


def tests(page: Page, subject: Subject, key: Scalar, node: Node) -> tuple[Test, ...] | None:
    """What is asked of a value that is not a field: `{gte: 3}`, or a value alone."""
    read: Compare | None = read_condition(page, subject, key, node)
    return None if read is None else read.tests


def _segments(reading: Reading, key: Scalar, node: Node) -> tuple[str, ...] | None:
    items = node.items if type(node) is Sequence else [node]
    if not items or is_null(node):
        reading.page.mistake("SEG113", key, f"`{key.text}` names no segment.", f"Write `{key.text}: vip`.")
        return None
    names: list[str] = []
    for item in items:
        name = _name(reading.page, item, "The name of a segment")
        if name is not None and type(item) is Scalar:
            names.append(name)
            reading.use("segment", item)
    return tuple(dict.fromkeys(names)) if len(names) == len(items) else None


def _name(page: Page, node: Node, what: str) -> str | None:
    """A name, which is text whatever it looks like."""
    if type(node) is not Scalar:
        page.mistake("SEG201", node, f"{what} is a name; this is a list or a mapping.")
    elif is_null(node) or not node.text:
        page.mistake("SEG113", node, f"{what} is missing.")
    elif kind_of(node) != "text":
        text = f'"{node.text}"'
        page.mistake("SEG204", node, f"{what} is text.", f"Write `{text}`.")
    else:
        return node.text
    return None


_BUCKET = "Write `bucket: {salt: spring-test, percent: [0, 10]}`; 10 itself is in the next bucket."


def _stretch(page: Page, node: Node) -> tuple[Decimal, Decimal] | None:
    if type(node) is not Sequence or len(node.items) != 2:
        page.mistake("SEG214", node, "`percent` takes where the bucket begins and where it ends.", _BUCKET)
        return None
    low, high = (READERS["number"](page, item, _PERCENT) for item in node.items)
    if not isinstance(low, Decimal) or not isinstance(high, Decimal):
        return None
    if not 0 <= low < high <= _WHOLE:
        page.mistake("SEG214", node, "A bucket is a stretch between 0 and 100 that is not empty.", _BUCKET)
        return None
    return low, high


# head → the reader of its value; heads with keys beside them stand in happened.py.
HEADS: dict[str, Callable[[Reading, Scalar, Node], InSegment | WasInSegment | Bucket | Named | None]] = {
    "in_segment": in_segment,
    "was_in_segment": was_in_segment,
    "bucket": bucket,
    "rule": rule,
}
