"""A plan as the comment of a pull request: risk first, then a line for each change, then the details, folded.

It is for who has never seen YAML. What others wrote in it (names, titles, values) is never markup, mention or
link. A comment has a greatest length: details go first, then lines of the lists; summary, hazards and digests
stay.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from segctl.plan.document import Change, Hazard, Plan
from segctl.plan.hazards import word
from segctl.plan.private import PRIVATE
from segctl.spec.form.written import written
from segctl.view.approvals import need_text
from segctl.view.change import Row, rows
from segctl.view.details import details
from segctl.view.figures import MINUS, count, counted, moment, moved, short
from segctl.view.hazards import hazard_text
from segctl.view.plan import summary
from segctl.view.safe import fenced, safe, safe_html, safe_lines, safe_markdown
from segctl.view.speech import Speech
from segctl.view.style import PLAIN
from segctl.view.width import cut

# what GitHub takes: https://docs.github.com/rest/issues/comments
LONGEST = 65_536
_ROOM = 1_200  # for what is said of the rest, and the end
_WIDTH = 100
_LONGEST_TEXT = 200
_REST = 80  # the line that counts what is left out
_MOST_HAZARDS = 40
_LARGEST = 5
_HEAD = "| | segment | | before | after | joining | leaving |\n|---|---|---|--:|--:|--:|--:|"


def marker(environment: str) -> str:
    """The first line, by which the comment of an environment is found again."""
    return f"<!-- segctl plan {safe_html(cut(environment, _LONGEST_TEXT)).replace('--', '- -')} -->"


def markdown(plan: Plan, *, then: Sequence[str] = (), longest: int = LONGEST) -> str:
    """The comment. `then` are the commands to type next."""
    head = [marker(plan.environment), f"### {summary(plan)}", "", _made_from(plan), ""]
    if plan.hazards:
        head += [*_hazards(plan.hazards), ""]
    if plan.needs:
        head += ["#### Approvals needed", "", *(f"- {_text(need_text(one))}" for one in plan.needs), ""]
    tail = _end(plan, then)
    room = longest - _ROOM - _size((*head, *tail))
    told = rows(plan.changes, plan.secondary)
    body = [*_archived(told), *_largest(told)]
    body += _table(told, room - _size(body))
    room -= _size(body)
    for block in _folded(plan, told):
        room -= _size(block)
        if room < 0:
            body += ["*There is more than fits into a comment: the plan itself has all of it.*", ""]
            break
        body += block
    return "\n".join((*head, *body, *tail)) + "\n"


def _made_from(plan: Plan) -> str:
    commit = plan.commit
    source = f"commit {_code(short(commit.id))}{' (dirty)' if commit.dirty else ''}" if commit else "no commit"
    source += f" · against {_code(short(plan.against))}" if plan.against else ""
    at = _text(moment(plan.as_of, seconds=True))
    return f"**{_text(plan.environment)}** · state {plan.serial} · as of {at} · {source}"


def _hazards(hazards: Sequence[Hazard]) -> Iterator[str]:
    waiting = sum(one.allowed is None for one in hazards)
    yield f"#### {counted(waiting, 'hazard')} to be allowed" if waiting else "#### Hazards, all allowed"
    yield ""
    for one in sorted(hazards, key=lambda one: one.allowed is not None)[:_MOST_HAZARDS]:
        after = f"allowed by {_text(one.allowed)}" if one.allowed else _code(f"--allow {word(one)}")
        sign = ":white_check_mark:" if one.allowed else ":warning:"
        yield f"- {sign} **{_text(one.code)}** {_text(hazard_text(one))} {after}"
    if len(hazards) > _MOST_HAZARDS:
        yield f"- … and {counted(len(hazards) - _MOST_HAZARDS, 'hazard')} more"


def _archived(told: Sequence[Row]) -> list[str]:
    """What ends, and who leaves by it."""
    gone = [row for row in told if row.gone and row.impact is not None]
    lines = [f"- {_text(row.name)}: {counted(row.impact.before, 'player')}" for row in gone if row.impact]
    lines = [*lines[:_MOST_HAZARDS], *(["- …"] if len(lines) > _MOST_HAZARDS else [])]
    return ["#### Archived: everybody leaves", "", *lines, ""] if lines else []


def _largest(told: Sequence[Row]) -> list[str]:
    """Where most players move, if a reader would have to look for it."""
    moving = [row for row in told if row.impact is not None and row.impact.joining + row.impact.leaving]
    if len(moving) <= _LARGEST:
        return []
    moving.sort(key=lambda row: (-row.impact.joining - row.impact.leaving if row.impact else 0, row.name))
    lines = [f"- {_text(row.name)}: {_moves(row)}" for row in moving[:_LARGEST]]
    return ["#### Largest moves", "", *lines, ""]


def _table(told: Sequence[Row], room: int) -> list[str]:
    if not told:
        return []
    lines = [_HEAD]
    left = room - _size([_HEAD]) - _REST
    for place, row in enumerate(told):
        line = _line(row)
        left -= _size([line])
        if left < 0:
            return [*lines, "", f"… and {counted(len(told) - place, 'line')} more.", ""]
        lines.append(line)
    return [*lines, ""]


def _line(row: Row) -> str:
    impact = row.impact
    cells = [f"`{row.symbol}`", _text(row.name), _text(row.what)]
    if impact is None:
        return f"| {' | '.join((*cells, '', '', '', ''))} |"
    before = "" if row.added else count(impact.before)
    joining = f"+{count(impact.joining)}" if impact.joining else ""
    leaving = f"{MINUS}{count(impact.leaving)}" if impact.leaving else ""
    return f"| {' | '.join((*cells, before, count(impact.after), joining, leaving))} |"


def _moves(row: Row) -> str:
    one = row.impact
    return f"{count(one.before)} → {count(one.after)} ({moved(one.joining, one.leaving)})" if one else ""


def _folded(plan: Plan, told: Sequence[Row]) -> Iterator[list[str]]:
    """What differs in each object, in plain English and as YAML."""
    speech = Speech(plan.fields, plan.currency)
    for row in told:
        if row.change is None:
            continue
        english = list(details(row, speech, PLAIN, _WIDTH))
        yaml = list(_yaml(row.change))
        if english or yaml:
            name = f"{row.symbol} {row.name}"
            yield [
                f"<details><summary>{safe_html(cut(name, _LONGEST_TEXT))}</summary>",
                "",
                *(fenced(english, "text") if english else ()),
                *(fenced(yaml, "diff") if yaml else ()),
                "",
                "</details>",
                "",
            ]


def _yaml(change: Change) -> Iterator[str]:
    """The two definitions as YAML, held against each other. Private values are not in a plan."""
    if change.kind == "catalog":
        return
    before, after = (_lines(one, change) for one in (change.before, change.after))
    unified = difflib.unified_diff(before, after, lineterm="", n=2)
    yield from (line for place, line in enumerate(unified) if place > 2)


def _lines(definition: Mapping[str, Any] | None, change: Change) -> list[str]:
    if definition is None:
        return []
    named = {"kind": change.kind.capitalize(), **definition}
    if change.kind == "guard":  # no document of its own: its rule alone
        named = {"kind": "Rule", "rules": definition.get("rules", {})}
    return [line for line in safe_lines(written(_told(named))) if not line.startswith("kind:") and line]


def _told(document: Any) -> Any:
    if isinstance(document, Mapping):
        if PRIVATE in document:
            return "(private)"
        return {key: _told(part) for key, part in document.items()}
    return [_told(part) for part in document] if isinstance(document, list) else document


def _end(plan: Plan, then: Sequence[str]) -> list[str]:
    told = [*fenced((cut(one, _LONGEST_TEXT) for one in then), "sh"), ""] if then else []
    digests = f"plan {_code(plan.id)} · intent {_code(plan.intent)}"
    return [*told, f"{digests} · segctl {_text(plan.segctl)}"]


def _text(text: str) -> str:
    return safe_markdown(cut(text, _LONGEST_TEXT))


def _code(text: str) -> str:
    """Text between single backticks, where nothing acts."""
    return f"`{safe(cut(text, _LONGEST_TEXT)).replace('`', chr(39))}`"


def _size(lines: Iterable[str]) -> int:
    return sum(len(line) + 1 for line in lines)
