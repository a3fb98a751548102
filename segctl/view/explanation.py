"""Why a player is in a segment or is not: the tree of conditions, what is in the way, what comes next."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from segctl.model.explanation import Explanation
from segctl.model.reasons import Part
from segctl.model.remedy import Obstacle, in_the_way, remedy
from segctl.view import figures
from segctl.view.outlook import LET_IN, ordinal, outlook
from segctl.view.safe import safe
from segctl.view.speech import Speech
from segctl.view.style import PLAIN, Style, painted
from segctl.view.tree import LINES, Branches, Row, Said, rows
from segctl.view.width import cells, cut, left, wrapped

WIDTH = 100
_LEAST_TEXT, _MOST_VALUE = 30, 26
_INDENT = "  "


def explanation_text(
    one: Explanation,
    speech: Speech,
    *,
    reveal: bool = False,
    lines: Branches = LINES,
    width: int = WIDTH,
    style: Style = PLAIN,
) -> str:
    """The whole screen. Without `reveal`, values of personal fields are masked."""
    said = Said(speech, one.catalog, one.clock, () if reveal else one.personal)
    marked = _marked(one)
    told = [
        (row, _note(row, part, marked, lines))
        for part in one.reasons.parts
        for row in _part(part, one, said, lines)
    ]
    shown = [_head(one, style), "", *_table(told, width, style), ""]
    shown += [_INDENT + line for each in outlook(one, said, reveal=reveal) for line in wrapped(each, width - 2)]
    return "\n".join(shown) + "\n"


def _head(one: Explanation, style: Style) -> str:
    is_in = "is in" if one.inside else "is NOT in"
    would = "would be in" if one.inside else "would NOT be in"
    named = f"{safe(one.player)} {would if one.declared else is_in} {safe(one.segment.name)}"
    declared = ", by what the files declare" if one.declared else ""
    return f"{painted(named, style.strong)}   (as of {figures.moment(one.clock.as_of)}{declared})"


def _part(part: Part, one: Explanation, said: Said, lines: Branches) -> Iterator[Row]:
    match part.word:
        case "rules" if part.verdict is not None:
            yield from rows(part.verdict, said, lines)
        case "guard" | "scope" if part.verdict is not None:
            name = f"guard {one.segment.purpose}" if part.word == "guard" else "scope"
            yield Row("", "", name, holds=part.holds)
            if not part.holds:
                yield from rows(part.verdict, said, lines, lines.last, lines.beside)
        case _:
            yield Row("", "", _named(part, one), _why(part, one), part.holds)


def _named(part: Part, one: Explanation) -> str:
    match part.word:
        case "candidates":
            return LET_IN.get(one.segment.type, "everybody")
        case "snapshot" if one.snapshot is not None:
            return f"in the snapshot of {figures.day(one.snapshot.at)} (state {one.snapshot.serial})"
        case "exclude":
            return "excluded"
        case "include":
            return "included"
        case "limit":
            return "limit"
        case "rules" | "guard" | "scope":
            return f"{part.word}: unknown to the warehouse"
        case _:
            return part.word


def _why(part: Part, one: Explanation) -> str:
    if part.word == "limit" and one.rank is not None and one.segment.limit is not None:
        return f"{ordinal(one.rank.place)} of {one.rank.among:,}"
    if part.word == "candidates" and one.entered is not None:
        return figures.moment(one.entered)
    return part.reason


def _marked(one: Explanation) -> tuple[str, Sequence[Obstacle]]:
    """Which parts and conditions are in the way, and what is said of each."""
    alone = [] if one.inside else in_the_way(one.reasons.parts)
    match len(alone):
        case 0:
            return "in the way", () if one.inside else remedy(one.reasons.parts)
        case 1:
            return "the only condition in the way", alone
        case _:
            return "this one would be enough", alone


def _note(row: Row, part: Part, marked: tuple[str, Sequence[Obstacle]], lines: Branches) -> str:
    told, obstacles = marked
    own = row.tree if row.tree is not None else part
    arrow = "←" if lines is LINES else "<-"
    return f"{arrow} {told}" if any(own is each for each in obstacles) else ""


def _table(told: list[tuple[Row, str]], width: int, style: Style) -> Iterator[str]:
    """Text, value, verdict and note in columns. A text that is too long goes on below."""
    values = min(max((cells(safe(row.value)) for row, _ in told), default=0), _MOST_VALUE)
    notes = max((cells(note) for _, note in told), default=0)
    room = width - len(_INDENT) - values - notes - (10 if notes else 6)
    longest = max((cells(row.lead) + cells(safe(row.text)) for row, _ in told), default=0)
    column = min(longest, max(room, _LEAST_TEXT))
    for row, note in told:
        first, *more = wrapped(safe(row.text), max(column - cells(row.lead), 12))
        answer = "" if row.holds is None else "yes" if row.holds else "no"
        value = left(cut(safe(row.value), values), values)
        line = f"{_INDENT}{left(row.lead + first, column)}  {value}  {left(answer, 3)}"
        yield (line + (f"  {painted(note, style.warning)}" if note else "")).rstrip()
        yield from (f"{_INDENT}{row.rest}{rest}".rstrip() for rest in more)
