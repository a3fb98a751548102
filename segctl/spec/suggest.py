"""Did you mean: the nearest of the words that would be right. Text in, text out."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

# What people who know other systems write first.
_SYNONYMS = {
    "and": "all", "or": "any", "not": "none", "nor": "none",
    "=": "eq", "==": "eq", "is": "eq", "equals": "eq", "equal": "eq", "!=": "ne", "<>": "ne", "is_not": "ne",
    ">": "gt", "greater_than": "gt", "more_than": "gt", ">=": "gte", "at_least": "gte", "min": "gte",
    "<": "lt", "less_than": "lt", "<=": "lte", "at_most": "lte", "max": "lte", "range": "between",
    "one_of": "in", "any_of": "in", "none_of": "not_in", "nin": "not_in", "like": "contains", "regex": "matches",
    "regexp": "matches", "startswith": "starts_with", "endswith": "ends_with", "exists": "is_set",
    "not_null": "is_set", "on": "on_day", "since": "after", "until": "before", "older": "older_than",
    "newer_than": "within", "in_last": "within", "in_the_last": "within", "has": "contains",
    "segment": "in_segment", "in_segments": "in_segment", "window": "during", "date_range": "during",
    "id": "name", "where": "rules", "filter": "rules", "conditions": "rules", "rule": "rules",
    "label": "title", "file": "players_file", "ids": "players",
}  # fmt: skip


@lru_cache(maxsize=1024)
def nearest(word: str, known: tuple[str, ...]) -> str | None:
    """The known word that `word` most likely stands for, if any is near."""
    from difflib import get_close_matches  # noqa: PLC0415 - only a mistake needs it

    candidates = sorted(known)
    plain = word.strip().lower().replace("-", "_").replace(" ", "_")
    synonym = _SYNONYMS.get(plain)
    if synonym in candidates:
        return synonym
    lowered = {name.lower().replace("-", "_"): name for name in candidates}
    close = get_close_matches(plain, lowered, n=1, cutoff=0.7)
    return lowered[close[0]] if close else None


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """The suggestion as a sentence, or nothing."""
    close = nearest(word, tuple(sorted(known)))
    return f"Did you mean `{close}`?" if close else ""


def listed(words: Iterable[str], most: int = 12) -> str:
    """Words in backticks, the last joined by `and`; a long list is cut."""
    names = [f"`{word}`" for word in words]
    if len(names) > most:
        return f"{', '.join(names[:most])} and {len(names) - most} more"
    return f"{', '.join(names[:-1])} and {names[-1]}" if len(names) > 1 else "".join(names)
