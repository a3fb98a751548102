"""The words of the English that rules are told in: fields, values, durations and stretches of time.

Everything here is raw: a line is made of it first and made safe for its destination as a whole.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from segctl.plan.document import FieldAbout
from segctl.plan.private import PRIVATE
from segctl.view import figures

_duration = re.compile(r"([0-9]+)(min|h|d|w|mo|y)").fullmatch
_UNITS = {"min": "minute", "h": "hour", "d": "day", "w": "week", "mo": "month", "y": "year"}
# A text that ends where the words around it begin, and so needs no quotes.
_bare = re.compile(r"[^\s,;:()\"'](?:[^,;()\"\n\r\t]*[^\s,;()\"'])?").fullmatch


@dataclass(frozen=True, slots=True)
class Speech:
    """What is needed to speak of rules: what is known of their fields, and the currency of all money."""

    fields: Mapping[str, FieldAbout] = field(default_factory=dict)
    currency: str = ""

    def type(self, name: str) -> str:
        """The type of a field, or nothing if it is not known."""
        about = self.fields.get(name)
        return about.type if about else ""

    def title(self, name: str) -> str:
        """What a field is called in the middle of a sentence."""
        about = self.fields.get(name)
        return _mid_sentence(about.title) if about and about.title.strip() else name.replace("_", " ")

    def unit(self, name: str) -> str:
        about = self.fields.get(name)
        return about.unit if about else ""

    def of(self, events: str) -> Speech:
        """How to speak of the columns of an event table, which `fields` has as `bets.stake`."""
        before = f"{events}."
        columns = {
            name.removeprefix(before): about for name, about in self.fields.items() if name.startswith(before)
        }
        return Speech(columns, self.currency)


def value(operand: Any, name: str, speech: Speech) -> str:
    """One value of a field."""
    match operand:
        case bool():
            return "yes" if operand else "no"
        case int() | float():
            return _number(operand, name, speech)
        case str():
            return _text(operand, name, speech)
        case Mapping() if PRIVATE in operand:
            return "a private value"
        case _:
            return str(operand)


def values(operands: Any, name: str, speech: Speech) -> str:
    """Several values of a field, in the order in which they stand."""
    if isinstance(operands, Sequence) and not isinstance(operands, str):
        return ", ".join(value(one, name, speech) for one in operands)
    return "some private values" if _is_private(operands) else value(operands, name, speech)


def quoted(operand: Any) -> str:
    """A piece of text, whatever is in it."""
    return "a private text" if _is_private(operand) else f'"{operand}"'


def duration(text: Any) -> str:
    """`7d` in words: 7 days."""
    found = _duration(str(text))
    return figures.counted(int(found[1]), _UNITS[found[2]]) if found else value(text, "", Speech())


def stretch(text: Any) -> str:
    """A duration after `the last` or `the next`, where one day is just the day."""
    words = duration(text)
    return words.removeprefix("1 ")


def when(operand: Any) -> str:
    """A day as it is; an instant in UTC, with seconds only if it has some."""
    if not isinstance(operand, str):
        return value(operand, "", Speech())
    return figures.moment(operand, seconds=":00Z" not in operand) if "T" in operand else operand


def window(during: Any) -> str:
    """`during:` in words that stand between commas: in the last 30 days."""
    match during:
        case {"calendar": period}:
            return str(period).replace("_", " ")
        case {"last": last, "before": before}:
            return f"in the {stretch(last)} that ended {duration(before)} ago"
        case {"last": last}:
            return f"in the last {stretch(last)}"
        case {"from": start, "to": end}:
            return f"from {when(start)} to before {when(end)}"
        case {"from": start}:
            return f"since {when(start)}"
        case {"to": end}:
            return f"before {when(end)}"
        case _:
            return "lifetime"


def _mid_sentence(title: str) -> str:
    """Lower-case unless the first word is a name or an abbreviation by its other letters."""
    first = title.split(maxsplit=1)[0]
    return title[:1].lower() + title[1:] if first[1:] == first[1:].lower() else title


def _number(number: float, name: str, speech: Speech) -> str:
    if speech.type(name) == "money":
        return figures.money(number, speech.currency)
    return f"{figures.number(number)} {_unit(number, speech.unit(name), speech.title(name))}".rstrip()


def _unit(number: float, unit: str, title: str) -> str:
    """`active days at least 3` needs no unit, and 1 takes the singular."""
    if unit in title.lower().split():
        return ""
    return unit.removesuffix("s") if number == 1 else unit


def _text(text: str, name: str, speech: Speech) -> str:
    if speech.type(name) in ("date", "datetime"):
        return when(text)
    return text if _bare(text) else f'"{text}"'


def _is_private(operand: Any) -> bool:
    return isinstance(operand, Mapping) and PRIVATE in operand
