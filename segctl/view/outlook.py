"""What is said below an explanation's table: what is missing, what comes next, what the state holds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from segctl.model.explanation import Explanation, Wish, tells_personal, wish
from segctl.model.remedy import Obstacle, in_the_way, remedy
from segctl.model.rule import InSegment
from segctl.model.segment import Trigger
from segctl.model.verdict import Verdict, deciding
from segctl.view import figures
from segctl.view.safe import safe
from segctl.view.speech import Speech
from segctl.view.tree import MASK, Said, sentence

LET_IN = {"players": "in its list", "sql": "returned by its query", "triggered": "let in by an event"}


def outlook(one: Explanation, said: Said, *, reveal: bool) -> Iterator[str]:
    """One paragraph each."""
    yield from _limit(one, said)
    if one.snapshot is not None and one.snapshot.today is not None:
        today = "match" if one.snapshot.today else "not match"
        yield f"A static segment keeps its snapshot: today the player would {today} its rules."
    yield from _would_enter(one, said)
    if one.ahead is not None:
        yield from _ahead(one, said, reveal=reveal)
    yield from _state(one)
    yield from _next(one)


def _limit(one: Explanation, said: Said) -> Iterator[str]:
    limit, rank = one.segment.limit, one.rank
    if limit is None or one.snapshot is not None:
        return
    order = "lowest first" if limit.order == "asc" else "highest first"
    if rank is None:
        yield safe(f"Its limit, by {said.speech.title(limit.by)}, ranks only who is let in by all the rest.")
        return
    lets_in = "nobody is in" if not rank.lets_in else f"the first {rank.lets_in:,} are in"
    yield safe(
        f"Ranked {ordinal(rank.place)} of {rank.among:,} by {said.speech.title(limit.by)}, {order}; {lets_in}."
    )


def _would_enter(one: Explanation, said: Said) -> Iterator[str]:
    """The fewest conditions that would have to be otherwise; the amount, where one is missing."""
    hoped = wish(one)
    if hoped is not None and hoped.field not in said.masked:
        yield safe(_hoped(hoped, said.speech))
        return
    if one.inside:
        return
    any_of = in_the_way(one.reasons.parts)
    needed = any_of or remedy(one.reasons.parts)
    if _comes_by_itself(needed, one):
        return
    texts = [_needed(each, one, said) for each in needed]
    told = dict.fromkeys(texts)  # rules and guard may ask the same
    if told and "" not in told:
        yield safe(f"Would enter if: {('; or: ' if any_of else '; ').join(told)}.")


def _comes_by_itself(needed: Sequence[Obstacle], one: Explanation) -> bool:
    """Is it just what time will change, and told with its instant?"""
    comes = () if one.ahead is None else [rule for rule, _ in one.ahead.because]
    return all(isinstance(each, Verdict) and each.rule in comes for each in needed)


def _needed(each: Obstacle, one: Explanation, said: Said) -> str:
    """What would have to be so; empty for what no fact of the player could change."""
    if isinstance(each, Verdict):
        text = sentence(each.rule, each.window, said)
        return f"not: {text}" if each.holds else text
    match each.word:
        case "candidates":
            return LET_IN.get(one.segment.type, "")
        case "exclude":
            return "not excluded"
        case "limit" if one.rank is not None and one.rank.lets_in:
            return f"ranked among the first {one.rank.lets_in:,}"
        case _:
            return ""


def _hoped(hoped: Wish, speech: Speech) -> str:
    title, missing = speech.title(hoped.field), hoped.missing
    if missing is None:
        wanted = ("no", "yes")[hoped.wanted] if isinstance(hoped.wanted, bool) else hoped.wanted
        return f"Would enter with {title}: {wanted}."
    money = speech.type(hoped.field) == "money"
    told = figures.money(abs(missing), speech.currency) if money else figures.number(abs(missing))
    return f"Would enter with {told} {'more' if missing > 0 else 'less'} of: {title}."


def _ahead(one: Explanation, said: Said, *, reveal: bool) -> Iterator[str]:
    found = one.ahead
    if found is None:
        return
    ranks = one.segment.limit is not None and one.snapshot is None
    limited = ", and its limit lets them" if ranks and not found.inside else ""
    if found.at is None:
        as_now = ", as long as the ranks stay" if ranks else ""
        yield f"Time alone changes nothing until {figures.day(found.until)}{as_now}."
        return
    goes = "Will leave" if found.inside else "Would enter"
    if tells_personal(one) and not reveal:
        yield f"{goes} at an instant that a personal date decides: {MASK}  (--reveal shows it)"
        return
    yield f"{goes} on {figures.moment(found.at, seconds=True)} if nothing but the time changes{limited}."
    changes = [sentence(rule, window, said) for rule, window in found.because if not isinstance(rule, Trigger)]
    if changes:
        yield safe(f"What changes then: {'; '.join(changes)}.")


def _state(one: Explanation) -> Iterator[str]:
    held = one.state
    if held is None:
        yield "The state holds no members of it yet."
        return
    as_of = figures.moment(held.as_of)
    since = f" since {figures.moment(held.since)}" if held.since is not None else ""
    known = f"a member{since}" if held.inside else "not a member"
    if one.declared:
        yield f"Deployed, as of {as_of}: {known}."
    elif held.inside == one.inside or one.clock.as_of < held.as_of:
        yield f"The state, as of {as_of}: {known}."
    else:
        yield f"The state, as of {as_of}, says otherwise: {known}."
        yield "To bring it up to date:  segctl refresh"


def _next(one: Explanation) -> Iterator[str]:
    """The used segments that decide, to be explained next."""
    trees = [part.verdict for part in one.reasons.parts if part.verdict is not None and part.holds == one.inside]
    names = dict.fromkeys(
        name
        for tree in trees
        for leaf in deciding(tree)
        if isinstance(leaf.rule, InSegment)
        for name in leaf.rule.segments
    )
    yield from (safe(f"About {name}:  segctl explain {name} {one.player}") for name in list(names)[:3])


def ordinal(number: int) -> str:
    """1st, 2nd, 3rd, …"""
    suffix = "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number:,}{suffix}"
