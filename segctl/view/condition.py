"""One condition of a canonical rule → plain English on one line. Raw: made safe where it is shown."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from segctl.model.parts import head
from segctl.view.compared import field, not_field
from segctl.view.events import happened, sequence
from segctl.view.membership import by_rule, in_bucket, in_segment, was_in_segment
from segctl.view.speech import Speech


def condition(document: Mapping[str, Any], speech: Speech, during: Any = None, *, negated: bool = False) -> str:
    """A condition in one line, or that it does not hold. `during` is the range that scopes it."""
    name = head(document)
    operand = document[name]
    match name:
        case "event":
            return happened(document, speech, during, negated=negated)
        case "sequence":
            return sequence(document, speech, during, negated=negated)
        case "in_segment":
            return in_segment(operand, negated=negated)
        case "was_in_segment":
            return was_in_segment(operand, negated=negated)
        case "bucket":
            return in_bucket(operand, negated=negated)
        case "rule":
            return by_rule(operand, negated=negated)
        case _:
            return (not_field if negated else field)(name, operand, speech, during)
