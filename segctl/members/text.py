"""Text tests over distinct words, so that each text is looked at once however many players share it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from segctl.members.columns import Bools
from segctl.model.comparison import lowered
from segctl.model.rule import Test


def matching(words: Any, test: Test) -> Bools:
    """Which words pass a positive text test; `ignore_case` lower-cases both sides by the simple mapping."""
    if test.op == "matches":
        found = pc.match_substring_regex(words, test.value, ignore_case=test.ignore_case)
        return np.asarray(found.to_numpy(zero_copy_only=False), dtype=np.bool_)
    constants = test.value if isinstance(test.value, tuple) else (test.value,)
    wanted = pa.array(constants, pa.string())
    if test.ignore_case:
        words, wanted = _lowered(words), _lowered(wanted)
    return np.asarray(_found(words, test, wanted).to_numpy(zero_copy_only=False), dtype=np.bool_)


def _lowered(words: Any) -> Any:
    """Lower case as the oracle has it; Arrow's own tables are of another Unicode version."""
    ascii_only = pc.string_is_ascii(words)
    if pc.all(ascii_only).as_py() is not False:
        return pc.ascii_lower(words)
    others = pc.invert(ascii_only)
    lower = pa.array([lowered(word) for word in words.filter(others).to_pylist()], words.type)
    return pc.replace_with_mask(pc.ascii_lower(words), others, lower)


def _found(words: Any, test: Test, wanted: Any) -> Any:
    match test.op:
        case "eq" | "in":
            return pc.is_in(words, value_set=wanted.cast(words.type))
        case "contains":
            return pc.match_substring(words, wanted[0].as_py())
        case "starts_with":
            return pc.starts_with(words, wanted[0].as_py())
        case "ends_with":
            return pc.ends_with(words, wanted[0].as_py())
        case _:
            raise TypeError(f"{test.op} is not a positive text operator")
