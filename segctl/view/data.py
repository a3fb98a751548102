"""Results as JSON text, safe on a terminal: what cannot be seen is escaped, and reads back the same."""

from __future__ import annotations

import json
import re
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from segctl.model.facts import Fact

# The characters above ASCII that are controls, have no width, or turn the direction of text.
_unseen = re.compile(
    "[\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff\U000e0000-\U000e0fff]"
)


def json_text(value: Any) -> str:
    """Indented, in the order of the data, with one newline at the end."""
    text = json.dumps(value, indent=2, ensure_ascii=False, allow_nan=False)
    return _unseen.sub(lambda found: json.dumps(found[0])[1:-1], text) + "\n"


def json_line(value: Any) -> str:
    """The same on one line."""
    text = json.dumps(value, ensure_ascii=False, allow_nan=False)
    return _unseen.sub(lambda found: json.dumps(found[0])[1:-1], text) + "\n"


def instant_text(value: datetime) -> str:
    """An instant as every JSON has it: in UTC, ending with Z."""
    return value.astimezone(UTC).replace(tzinfo=None).isoformat() + "Z"


def fact_data(fact: Fact) -> Any:
    """A fact for programs: exact numbers and days as text, a list of texts as a list, a missing value as null."""
    match fact:
        case datetime():
            return instant_text(fact)
        case date():
            return fact.isoformat()
        case Decimal():
            return str(fact)
        case tuple():
            return list(fact)
        case _:
            return fact
