"""What stands beside the rules of a segment → plain English: events, adjustments, guard, limit, delivery.

Players are only ever counted. Raw: made safe where it is shown.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from segctl.plan.private import PRIVATE
from segctl.view.english import listed, sentence
from segctl.view.events import one_of
from segctl.view.figures import counted, number
from segctl.view.nouns import either
from segctl.view.speech import Speech, duration, window

Definition = Mapping[str, Any]

# The parts in the order in which they are told, by what a person calls them.
LABELS = {
    "enter": "enters",
    "exit": "leaves",
    "for": "stays",
    "include": "include",
    "exclude": "exclude",
    "scope": "scope",
    "limit": "limit",
    "webhook": "webhook",
    "schedule": "schedule",
}
_VERBS = ("enter", "exit", "for")
_RANKED = {"date": ("latest", "earliest"), "datetime": ("latest", "earliest")}


def beside(definition: Definition, speech: Speech) -> list[tuple[str, str]]:
    """The key and a text of each of them, in the order in which they work."""
    return [(key, text) for key in LABELS for text in said(key, definition, speech)]


def said(key: str, definition: Definition, speech: Speech) -> list[str]:
    """One part in words: an entry a line; nothing where there is none."""
    part = definition.get(key)
    if key == "exit" and not part and definition.get("type") == "triggered" and "for" not in definition:
        return ["never"]
    if key in ("include", "exclude"):
        return [adjustment(entry) for entry in part or ()]
    return [_said(key, part, speech)] if part else []


def _said(key: str, part: Any, speech: Speech) -> str:
    match key:
        case "enter" | "exit":
            return f"by {either([one_of(step, speech) for step in part])}"
        case "for":
            return f"at most {duration(part)} after the latest entry"
        case "limit":
            return limit(part, speech)
        case "webhook":
            return _webhook(part)
        case "schedule":
            return f"at most {duration(part)} old"
        case _:
            return sentence({"all": [{name: tests} for name, tests in part.items()]}, speech)


def told(key: str, text: str) -> str:
    """One part with its label: enters by a bet, limit: the 1,000 with the highest VIP level."""
    return f"{LABELS[key]}{'' if key in _VERBS else ':'} {text}"


def _webhook(part: Definition) -> str:
    """Where changes go, and how: to hooks.example.com, signed with ${HOOK_SECRET}, up to 100 in a request."""
    url = part.get("url")
    where = url.get("host") or "a private address" if isinstance(url, Mapping) else str(url)
    secret = part.get("secret") or []
    secrets = [str(one) for one in (secret if _is_list(secret) else [secret])]
    signed = f", signed with {' and '.join(secrets)}" if secrets else ""
    full = ", with cause, run and sequence" if part.get("body") == "full" else ""
    batch = f", up to {number(part['batch'])} in a request" if part.get("batch") else ""
    return f"to {where}{signed}{full}{batch}"


def adjustment(entry: Definition) -> str:
    """Who is put in or taken out, until when and why: 2 players, until 2026-12-31 (VIP host request)."""
    who = [counted(listed(entry["players"]), "player")] if "players" in entry else []
    names = entry.get("segments", ())
    if names:
        who.append(f"the members of {either(names, 'and')}")
    until = f", until {entry['until']}" if "until" in entry else ""
    reason = f" ({entry['reason']})" if entry.get("reason") else ""
    return f"{' and '.join(who) or 'nobody'}{until}{reason}"


def limit(part: Definition, speech: Speech) -> str:
    """Whom a limit keeps: the 1,000 with the highest total deposits in the last 90 days."""
    by = str(part.get("by", ""))
    highest, lowest = _RANKED.get(speech.type(by), ("highest", "lowest"))
    many = f"{number(part['percent'])} %" if "percent" in part else number(part.get("top", 0))
    between = f" {window(part['during'])}" if "during" in part else ""
    return f"the {many} with the {lowest if part.get('order') == 'asc' else highest} {speech.title(by)}{between}"


def query(text: Any, most: int) -> list[str]:
    """The lines of a query, or its beginning and how many more there are."""
    if not isinstance(text, str):
        return ["a private query"] if isinstance(text, Mapping) and PRIVATE in text else []
    lines = text.strip().replace("\r\n", "\n").replace("\r", "\n").expandtabs(4).split("\n")
    rest = len(lines) - most
    return lines if rest < 2 else [*lines[:most], f"… {counted(rest, 'more line')}"]


def entry_moves(key: str, before: Definition, after: Definition, speech: Speech) -> Iterator[tuple[str, str]]:
    """What differs in one part, as a symbol and a text: `~` with old → new, `+` and `-` for entries."""
    old, new = _entries(before.get(key)), _entries(after.get(key))
    if old == new:
        return
    went = [said(key, {key: [one] if _is_list(before.get(key)) else one}, speech) for one in old if one not in new]
    came = [said(key, {key: [one] if _is_list(after.get(key)) else one}, speech) for one in new if one not in old]
    was, now = (one[0][0] if one else "none" for one in (went, came))
    if len(went) == len(came) == 1 or not _is_list(before.get(key, after.get(key))):
        yield "~", f"{LABELS[key]}: {was} → {'other players' if was == now else now}"  # ids are not told
        return
    yield from (("-", told(key, one[0])) for one in went)
    yield from (("+", told(key, one[0])) for one in came)


def _entries(part: Any) -> Sequence[Any]:
    if part is None:
        return []
    return part if _is_list(part) else [part]


def _is_list(part: Any) -> bool:
    return isinstance(part, list | tuple)
