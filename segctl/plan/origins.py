"""Since which version each part of a definition has stood in it without a break. Pure.

A part is a condition or a group with the groups above it, or a key beside the rules with its value: who edits a
threshold brings the condition, who moves it into another group brings it too, and who changes its order nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from segctl.base.digest import canonical_json
from segctl.model.parts import group_word, parts, without_parts

Definition = Mapping[str, Any]
_RULES = "rules"
_NO_PART = frozenset(("kind", _RULES))


@dataclass(frozen=True, slots=True)
class Part:
    """`key` is the key of the definition; of `rules`, `value` is a condition, or a group without its parts."""

    key: str
    value: Any
    depth: int = 0
    above: tuple[str, ...] = ()

    @property
    def identity(self) -> str:
        return canonical_json([self.key, *self.above, self.value])


def parts_of(definition: Definition) -> list[Part]:
    """The parts of a definition: keys beside the rules, then the rules as they stand."""
    found = [Part(key, value) for key, value in definition.items() if key not in _NO_PART]
    return [*found, *(_parts(definition[_RULES], ()) if _RULES in definition else ())]


def origins(versions: Sequence[Definition | None]) -> list[tuple[Part, int]]:
    """The parts of the last version, each with the place of the version that brought it.

    `versions` are the oldest first, None where the object was archived: what is recovered was brought before.
    """
    told = [definition for definition in versions if definition is not None]
    places = [place for place, definition in enumerate(versions) if definition is not None]
    if not told:
        return []
    counts = [Counter(part.identity for part in parts_of(definition)) for definition in told]
    seen: Counter[str] = Counter()
    found = []
    for part in parts_of(told[-1]):
        seen[part.identity] += 1
        since = len(told) - 1
        while since and counts[since - 1][part.identity] >= seen[part.identity]:
            since -= 1
        found.append((part, places[since]))
    return found


def _parts(rule: Definition, above: tuple[str, ...]) -> Iterator[Part]:
    if group_word(rule) is None:
        yield Part(_RULES, rule, len(above), above)
        return
    bare = without_parts(rule)
    yield Part(_RULES, bare, len(above), above)
    for one in parts(rule):
        yield from _parts(one, (*above, canonical_json(bare)))
