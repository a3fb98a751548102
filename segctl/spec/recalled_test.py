"""A segment test as a cache brings it: what it says of its segment, and where. Pure.

Who is made up in it stands in no cache: it is read from the file when somebody asks for the test itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from segctl.model.segment_test import SegmentTest
from segctl.spec.node import Entry, Mapping, Scalar
from segctl.spec.node import Sequence as List
from segctl.spec.page import Page
from segctl.spec.placed import Place, placed, scalar
from segctl.spec.segment_test import TestRead

_NOWHERE = Place(0, 0)


@dataclass(slots=True)
class Again:
    """Reads a file once more, when a test in it is asked for."""

    read: Callable[[], Sequence[object]]
    found: Sequence[object] | None = None

    def test(self, number: int) -> SegmentTest | None:
        """The test that is document number `number`."""
        self.found = self.read() if self.found is None else self.found
        one = self.found[number]
        return one.test if isinstance(one, TestRead) else None


@dataclass(frozen=True, slots=True)
class RecalledTest:
    """A document of a cache, as `TestRead` has it; `document` holds only what is compared with the segment."""

    page: Page
    name: Scalar
    document: Mapping
    again: Again
    number: int

    @property
    def test(self) -> SegmentTest | None:
        return self.again.test(self.number)


TestFound = TestRead | RecalledTest
# by its file and the name of its segment: is this test wanted?
Keep = Callable[[str, str], bool]


class Tests(Sequence[SegmentTest]):
    """The tests of a project, each read when it is asked for."""

    def __init__(self, reads: Iterable[TestFound]) -> None:
        self._reads = [read for read in reads if isinstance(read, RecalledTest) or read.test is not None]

    def __getitem__(self, at: Any) -> Any:
        return tuple(self)[at]

    def __iter__(self) -> Iterator[SegmentTest]:
        return (test for read in self._reads if (test := read.test) is not None)

    def where(self, keep: Keep) -> Tests:
        """Those that are wanted by their file and segment. None is read for that."""
        return Tests(
            read for read in self._reads if read.name is not None and keep(read.page.file, read.name.text)
        )

    @property
    def files(self) -> frozenset[str]:
        return frozenset(read.page.file for read in self._reads)

    @property
    def segments(self) -> frozenset[str]:
        """The names of the segments that are tested."""
        return frozenset(read.name.text for read in self._reads if read.name is not None)

    def __len__(self) -> int:
        return len(self._reads)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Tests) and tuple(self) == tuple(other)

    __hash__ = None  # type: ignore[assignment]  # as a list has none


def written_test(read: TestRead) -> list[Any]:
    """What of a test is compared with its segment: members that are fixed, rows, orders. Raises: TypeError."""
    if read.name is None or read.test is None:
        raise TypeError("a test with mistakes is not kept")
    fixed, steps = read.document.get("members"), read.document.get("steps")
    members = [placed(key) for key, _ in fixed.entries.values()] if type(fixed) is Mapping else None
    rows = read.document.entries.get("rows")
    expected = [step.get("expect") for step in steps.items if type(step) is Mapping] if type(steps) is List else []
    orders = [one.entries["order"] for one in expected if type(one) is Mapping and "order" in one.entries]
    return [placed(read.name), members, rows and placed(rows[0]), [placed(key) for key, _ in orders]]


def read_test(
    page: Page, again: Again, number: int, name: Any, members: Any, rows: Any, orders: Any
) -> RecalledTest:
    """The same, as a document that has only this."""
    entries: dict[str, Entry] = {}
    if members is not None:
        entries["members"] = _key("members"), _mapping(dict(_entry(key) for key in members))
    if rows is not None:
        entries["rows"] = scalar(*rows), _key("")
    if orders:
        steps: list[Any] = [_under("expect", _mapping(dict([_entry(key)]))) for key in orders]
        entries["steps"] = _key("steps"), List(steps, True, _NOWHERE, _NOWHERE)
    return RecalledTest(page, scalar(*name), _mapping(entries), again, number)


def _entry(key: Any) -> tuple[str, Entry]:
    found = scalar(*key)
    return found.text, (found, _key(""))


def _under(name: str, value: Mapping) -> Mapping:
    return _mapping({name: (_key(name), value)})


def _key(text: str) -> Scalar:
    return Scalar(text, False, _NOWHERE, _NOWHERE)


def _mapping(entries: dict[str, Entry]) -> Mapping:
    return Mapping(entries, True, _NOWHERE, _NOWHERE)
