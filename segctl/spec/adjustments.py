"""What stands beside the rules of a segment: `include`, `exclude`, `limit`, `scope`, `enter` and `exit`."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from segctl.model.rule import Compare, Group, Rule
from segctl.model.segment import Adjustment, Limit, Order, Trigger
from segctl.model.time import Duration, Window
from segctl.spec.condition import read_condition
from segctl.spec.happened import read_steps
from segctl.spec.moments import read_date, read_duration
from segctl.spec.node import Mapping, Node, Scalar, Sequence, text, texts
from segctl.spec.page import shown
from segctl.spec.reading import Reading
from segctl.spec.rules import read_rules
from segctl.spec.scope import Subject
from segctl.spec.values import READERS
from segctl.spec.window import read_window

_RANKED = ("integer", "number", "money", "date", "datetime")
_ORDERS: dict[str, Order] = {"asc": "asc", "desc": "desc"}
_PERCENT = Subject("percent", "number", ())


def read_adjustments(reading: Reading, node: Node | None, *, excludes: bool) -> tuple[Adjustment, ...] | None:
    """The entries of `include` or `exclude`, whose shape is checked."""
    if type(node) is not Sequence:
        return ()
    reading.negated = excludes
    read = [_adjustment(reading, item) for item in node.items if type(item) is Mapping]
    reading.negated = False
    found = tuple(one for one in read if one is not None)
    return found if len(found) == len(node.items) else None


def _adjustment(reading: Reading, node: Mapping) -> Adjustment | None:
    page = reading.page
    players, segments = texts(node, "players"), node.get("segments")
    if not players and (type(segments) is not Sequence or not segments.items):
        page.mistake("SEG103", node, "An entry names `players` or `segments`.", "Write `{players: [p_17]}`.")
        return None
    for name in segments.items if type(segments) is Sequence else ():
        if type(name) is Scalar:
            reading.use("segment", name)
    until: date | None = None
    if "until" in node.entries:
        until = read_date(page, node.entries["until"][1], what="`until`")
        if until is None:
            return None
    return Adjustment(players, texts(node, "segments"), text(node, "reason"), until, page.span(node))


def read_limit(reading: Reading, node: Mapping) -> Limit | None:
    """`limit: {top: 1000, by: total_deposit_amount}`, whose shape is checked."""
    page, scope = reading.page, reading.scope
    by, before = node.entries["by"][1], len(page.mistakes)
    subject = scope.subjects.get(text(node, "by"))
    if subject is None:
        if scope.complete and text(node, "by") not in scope.unsure:
            hint = page.did_you_mean(text(node, "by"), scope.subjects)
            page.mistake("SEG101", by, f"{scope.owner} has no field {shown(text(node, 'by'))}.", hint)
    elif subject.type not in _RANKED:
        page.mistake("SEG217", by, f"`{subject.name}` is {subject.type}; it has no highest and lowest.", _RANK)
    window: Window | None = read_window(page, node.entries["during"][1]) if "during" in node.entries else None
    if subject is not None and window is not None and not subject.metric:
        page.mistake("SEG114", node.entries["during"][0], f"`{subject.name}` counts no events.")
    percent = _percent(reading, node)
    if subject is None or len(page.mistakes) > before:
        return None
    top = int(text(node, "top"), 0) if "top" in node.entries else None
    order = _ORDERS[text(node, "order", "desc")]
    return Limit(subject.name, top, percent, order, window, page.at(node.entries["by"][0]))


_RANK = "Rank by a number, an amount of money, a date or a time."


def _percent(reading: Reading, node: Mapping) -> Decimal | None:
    if "percent" not in node.entries:
        return None
    at = node.entries["percent"][1]
    value = READERS["number"](reading.page, at, _PERCENT)
    if isinstance(value, Decimal) and not 0 < value < 100:
        reading.page.mistake("SEG210", at, "`percent` lies between 0 and 100.", "Write for example `percent: 5`.")
    return value if isinstance(value, Decimal) else None


def read_scope(reading: Reading, node: Mapping) -> Rule | None:
    """`scope: {brand: A, region: EU}`: every field must have its value, or one of its values."""
    found: list[Compare] = []
    if not node.entries:
        reading.page.mistake("SEG113", node, "A scope names attributes and their values.", "Write `{brand: A}`.")
        return None
    for name, (key, value) in sorted(node.entries.items()):
        subject = reading.scope.subjects.get(name)
        if subject is not None and not subject.metric:
            one = read_condition(reading.page, subject, key, value)
            if one is not None:
                found.append(one)
        elif subject is not None:
            reading.page.mistake("SEG201", key, f"`{name}` is a metric; a scope names attributes.")
        elif reading.scope.complete and name not in reading.scope.unsure:
            hint = reading.page.did_you_mean(name, reading.scope.subjects)
            reading.page.mistake("SEG101", key, f"{reading.scope.owner} has no field {shown(name)}.", hint)
    if len(found) < len(node.entries):
        return None
    return found[0] if len(found) == 1 else Group("all", tuple(found))


def read_trigger(reading: Reading, node: Mapping) -> Trigger | None:
    """`enter`, `exit` and `for` of a triggered segment."""
    before = len(reading.page.mistakes)
    enter = read_steps(reading, *node.entries["enter"], read_rules)
    leave = read_steps(reading, *node.entries["exit"], read_rules) if "exit" in node.entries else ()
    stays = node.entries.get("for")
    stay: Duration | None = None if stays is None else read_duration(reading.page, stays[1])
    if enter is None or leave is None or len(reading.page.mistakes) > before:
        return None
    return Trigger(enter, leave, stay, None if stays is None else reading.page.at(stays[0]))
