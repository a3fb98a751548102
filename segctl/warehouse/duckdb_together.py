"""Questions that DuckDB is asked otherwise than one by one: some together, wide ones in portions."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
import pyarrow as pa

from segctl.sql.portions import Portion, portions
from segctl.sql.questions import AskDistinct, AskGrouped, Question
from segctl.sql.together import own_buckets, together


class Together:
    """What will be asked, and what is read of it until everybody who asks has had it."""

    def __init__(self, questions: Iterable[Question] = ()) -> None:
        self._both = together(questions)
        self._read: dict[AskGrouped, Any] = {}

    def answer(self, question: Question, read: Callable[[Question], Any]) -> Any:
        """The answer to a question about everybody; the first of two reads, the second takes what was read."""
        both = self._both.get(question)
        if both is None:
            return _in_portions(question, read)
        found = self._read.pop(both, None)
        if found is None:
            found = self._read[both] = _in_portions(both, read)
        assert isinstance(question, AskGrouped | AskDistinct)  # noqa: S101 - no others are asked together
        if isinstance(question, AskDistinct):
            found = found.select(["place", "bucket", "word", "days"])
            found = found.filter(found["days"].is_valid()) if found["days"].null_count else found
        # read once, given to each in its own buckets
        buckets = np.array(own_buckets(question, both), dtype=np.int16)[found["bucket"].to_numpy()]
        return found.set_column(found.column_names.index("bucket"), "bucket", pa.array(buckets))


def _in_portions(question: Question, read: Callable[[Question], Any]) -> Any:
    """The answer to a question, read in portions where that is cheaper."""
    if not isinstance(question, AskGrouped) or question.among is not None:
        return read(question)
    parts = [_renamed(portion, read(portion.question)) for portion in portions(question)]
    return pa.concat_tables(parts, promote_options="default")


def _renamed(portion: Portion, answer: Any) -> Any:
    """An answer with its measures under the numbers that the whole question gives them."""
    names = {f"m{own}": f"m{number}" for own, number in enumerate(portion.measures)}
    return answer.rename_columns([names.get(name, name) for name in answer.column_names])
