"""Single values by the type of their field: texts, numbers, days, instants, durations. Plain data."""

from __future__ import annotations

from collections.abc import Sequence

from segctl.model.operators import FieldType
from segctl.spec.editor.parts import DAY, DURATION, MOMENT, Schema, ref, snippets

_SAYS = {
    "duration": "Write a duration: 15min, 24h, 30d, 2w, 3mo or 1y.",
    "day": "Write a day: 2026-01-31.",
    "moment": "Write a day or an instant: 2026-01-31 or 2026-01-31T09:30:00Z.",
    "text": "This field is text: write it in quotes.",
}

VALUES: dict[str, Schema] = {
    "duration": {"pattern": DURATION, "errorMessage": _SAYS["duration"], **snippets("30d")},
    "day": {"pattern": DAY, "errorMessage": _SAYS["day"]},
    "moment": {"pattern": MOMENT, "errorMessage": _SAYS["moment"]},
    "day_or_now": {"pattern": f"^now$|{DAY}", "errorMessage": _SAYS["day"], **snippets("now")},
    "moment_or_now": {
        "pattern": f"^now$|{MOMENT}",
        "errorMessage": _SAYS["moment"],
        **snippets("now"),
    },
    # ids take their source text: 007 and 1e5 are ids as well
    "player_id": {"type": ["string", "number", "boolean"]},
}

_OF_TYPE: dict[FieldType, Schema] = {
    "string": {"type": "string", "errorMessage": _SAYS["text"]},
    "list": {"type": "string", "errorMessage": _SAYS["text"]},
    "number": {"type": "number"},
    "money": {"type": "number"},
    "integer": {"type": "integer"},
    "boolean": {"type": "boolean"},
    "date": {"type": "string", "allOf": [ref("day")]},
    "datetime": {"type": "string", "allOf": [ref("moment")]},
}


def value(kind: FieldType, allowed: Sequence[str] = ()) -> Schema:
    """One value of a type; of a closed field, one of the allowed texts."""
    return {"enum": list(allowed)} if allowed else _OF_TYPE[kind]


def bound(kind: FieldType) -> Schema:
    """What `before` and `after` take."""
    return {"type": "string", "allOf": [ref("day_or_now" if kind == "date" else "moment_or_now")]}
