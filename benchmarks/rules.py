"""Realistic segments, drawn: the same seed gives the same rules. Plain documents, as an author would write them.

Most segments of an operator look alike: a few conditions on the profile, and a metric or three over the usual
windows. So fields and windows are drawn by how common they are, and 300 segments share about 200 features.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from typing import Any

from benchmarks.pools import METRICS, NARROWED, PROFILE, WINDOWS, Operands

Document = dict[str, Any]
SEED = 7
OWNERS = ("crm-retention", "crm-acquisition", "vip-desk", "sportsbook", "casino")
# How much rarer each next metric of the pool is than the one before.
_RARER = 0.9


class _Draw:
    """The dice of one run, and the segments drawn so far: `plain` ones may be used under `none`."""

    def __init__(self, seed: int) -> None:
        self.dice = random.Random(seed)
        self.names: list[str] = []
        self.plain: list[str] = []

    def conditions(self, pool: Operands, count: int, *, common_first: bool = False) -> list[Document]:
        """That many conditions on different fields of a pool."""
        fields = list(pool)
        found: list[Document] = []
        while len(found) < count:
            weights = [_RARER**i if common_first else 1.0 for i in range(len(fields))]
            field = fields.pop(self.dice.choices(range(len(fields)), weights)[0])
            found.append({field: self.dice.choice(pool[field])})
        return found

    def metrics(self, count: int) -> list[Document]:
        return self.conditions(METRICS, count, common_first=True)

    def window(self, *, lifetime: bool = True) -> Document | None:
        known = [(window, weight) for window, weight in WINDOWS if lifetime or window]
        return self.dice.choices([window for window, _ in known], [weight for _, weight in known])[0]


def segments(count: int, seed: int = SEED) -> Iterator[Document]:
    """That many segment documents; a segment may ask about those before it."""
    draw = _Draw(seed)
    for number in range(count):
        theme = draw.dice.choices(list(_SHAPES), [weight for _, weight in _SHAPES.values()])[0]
        if theme == "chain" and (len(draw.names) < 5 or not draw.plain):
            theme = "profile"
        name = f"{theme}-{number + 1:04d}"
        rules = {"all": _SHAPES[theme][0](draw)}
        analysis = theme == "profile" and draw.dice.random() < 0.3
        yield {
            "kind": "Segment",
            "name": name,
            "title": f"{theme.capitalize()} {number + 1}",
            "description": f"Players of the {theme} programme, number {number + 1}; used by its weekly campaign.",
            "type": "dynamic",
            **({"purpose": "analysis"} if analysis else {}),
            "tags": [theme, draw.dice.choice(("weekly", "daily", "always-on"))],
            "owner": draw.dice.choice(OWNERS),
            "rules": rules,
        }
        draw.names.append(name)
        if analysis:
            draw.plain.append(name)


def _under(window: Document | None, word: str, parts: list[Document]) -> list[Document]:
    """Conditions in a layer of their own under a window; without one, as they are if that means the same."""
    if window is not None:
        return [{"during": window, word: parts}]
    return parts if word == "all" or len(parts) == 1 else [{word: parts}]


def _profile(draw: _Draw) -> list[Document]:
    parts = draw.conditions(PROFILE, draw.dice.randint(2, 6))
    return parts if len(parts) < 5 else [*parts[:3], {"any": parts[3:]}]


def _activity(draw: _Draw) -> list[Document]:
    own = draw.conditions(PROFILE, draw.dice.randint(1, 3))
    word = draw.dice.choice(("all", "all", "any"))
    return [*own, *_under(draw.window(), word, draw.metrics(draw.dice.choice((1, 1, 2, 3))))]


def _trend(draw: _Draw) -> list[Document]:
    """Something in one window, and something or nothing of it in another."""
    own = draw.conditions(PROFILE, draw.dice.randint(0, 2))
    first = _under(draw.window(), "all", draw.metrics(draw.dice.randint(1, 2)))
    word = draw.dice.choice(("all", "any", "none"))
    return [*own, *first, *_under(draw.window(lifetime=False), word, draw.metrics(draw.dice.randint(1, 2)))]


def _mixture(draw: _Draw) -> list[Document]:
    nested = [*draw.conditions(PROFILE, 1), *_under(draw.window(lifetime=False), "all", draw.metrics(1))]
    return [
        *draw.conditions(PROFILE, draw.dice.randint(1, 2)),
        *draw.metrics(1),
        {"any": [*_under(draw.window(lifetime=False), "any", draw.metrics(2)), {"all": nested}]},
        {"none": draw.conditions(PROFILE, draw.dice.randint(1, 2))},
    ]


def _taste(draw: _Draw) -> list[Document]:
    own = draw.conditions(PROFILE, draw.dice.randint(1, 2))
    return [*own, *_under(draw.window(), "all", draw.conditions(NARROWED, draw.dice.choice((1, 1, 2))))]


def _chain(draw: _Draw) -> list[Document]:
    used = draw.dice.sample(draw.names, draw.dice.choice((1, 1, 2)))
    parts: list[Document] = [{"in_segment": used[0] if len(used) == 1 else used}]
    if draw.dice.random() < 0.5:
        parts.append({"none": [{"in_segment": draw.dice.choice(draw.plain)}]})
    return [*parts, *draw.conditions(PROFILE, 1), *_under(draw.window(), "all", draw.metrics(1))]


_SHAPES: dict[str, tuple[Callable[[_Draw], list[Document]], int]] = {
    "profile": (_profile, 20),
    "activity": (_activity, 32),
    "trend": (_trend, 18),
    "mixture": (_mixture, 12),
    "taste": (_taste, 9),
    "chain": (_chain, 9),
}
