"""Sets of members combined: what rules say of other segments. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from pyroaring import BitMap

from segctl.sql.program import Algebra, Combined, Fragment, Given, Key, MembersOf


def members(
    segments: Mapping[Key, Algebra], fragments: Mapping[int, BitMap], given: Mapping[Key, BitMap], everyone: BitMap
) -> dict[Key, BitMap]:
    """The members of every segment. What a segment uses stands before it, or is given."""
    made: dict[Key, BitMap] = {}

    def of(algebra: Algebra) -> BitMap:
        match algebra:
            case Fragment(node):
                return fragments[node]
            case Given(segment):
                return given[segment]
            case MembersOf(segment):
                return made[segment] if segment in made else given[segment]
            case Combined("all", parts):
                return BitMap.intersection(*map(of, parts)) if len(parts) > 1 else of(parts[0])
            case Combined(word, parts):
                anyone = BitMap.union(*map(of, parts)) if len(parts) > 1 else of(parts[0])
                return everyone - anyone if word == "none" else anyone

    for key, algebra in segments.items():
        made[key] = of(algebra)
    return made
