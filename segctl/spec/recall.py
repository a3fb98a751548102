"""What was read of a file before, to be read from a cache instead. Pure: text in, text out.

Only files of segments and of their tests, without a mistake, are remembered. What documents say of each other is
compared anew.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from segctl.base.digest import digest
from segctl.base.source import ListSource
from segctl.model.coded import decoded, encoded
from segctl.model.segment import Segment
from segctl.spec.node import Scalar
from segctl.spec.page import Page
from segctl.spec.placed import placed, scalar
from segctl.spec.reading import Use
from segctl.spec.recalled_test import Again, RecalledTest, read_test, written_test
from segctl.spec.segment import SegmentRead
from segctl.spec.segment_test import TestRead

_SEGMENT: Final = "segment"


@dataclass(slots=True)
class Later:
    """A segment that is built when somebody asks for it."""

    text: str
    file: str
    built: Segment | None = None

    def segment(self) -> Segment:
        if self.built is None:
            self.built = decoded(self.text, self.file)
        return self.built


@dataclass(frozen=True, slots=True)
class Recalled:
    """A document of a cache, as `SegmentRead` has it. `digest` is that of its definition."""

    page: Page
    name: Scalar
    purpose: str
    uses: tuple[Use, ...]
    later: Later
    digest: str
    list_source: ListSource | None = None

    @property
    def segment(self) -> Segment:
        return self.later.segment()


@dataclass(slots=True)
class Memory:
    """Entries of files by key. `kept` are those that this project has, `fresh` what was read and may be kept.

    `ground` is whatever else decides how a file is read: the version, the libraries. An empty entry says of a file
    that it is read each time.
    """

    ground: str
    entries: Mapping[str, str]
    kept: dict[str, str] = field(default_factory=dict)
    fresh: dict[str, tuple[SegmentRead | TestRead, ...]] = field(default_factory=dict)

    def on(self, *digests: str) -> Memory:
        """The same entries, for files that are read with a catalog of these digests."""
        return Memory(digest([self.ground, *digests]), self.entries, self.kept, self.fresh)

    def key(self, file_digest: str) -> str:
        return f"{self.ground}-{file_digest}"

    def recalled(self, key: str, page: Page, again: Again) -> list[Recalled | RecalledTest] | None:
        """What the file says, or None if nobody remembers. `again` reads it where that is not enough."""
        found = self.entries.get(key)
        if found is None:
            return None
        self.kept[key] = found
        if not found:
            return None
        return [
            _read(page, *parts) if kind == _SEGMENT else read_test(page, again, number, *parts)
            for number, (kind, *parts) in enumerate(json.loads(found))
        ]

    def learn(self, key: str, documents: Sequence[object]) -> None:
        """Notes what was read of a file without mistakes, if it can be remembered."""
        fit = tuple(one for one in documents if isinstance(one, SegmentRead | TestRead))
        if key not in self.entries and len(fit) == len(documents):
            self.fresh[key] = fit


def entry(documents: Iterable[tuple[SegmentRead, str] | TestRead]) -> str:
    """Documents as one line, segments with the digests of their definitions.

    Raises: TypeError, for what cannot be kept.
    """
    written = [
        ["test", *written_test(one)] if isinstance(one, TestRead) else [_SEGMENT, *_written(*one)]
        for one in documents
    ]
    return json.dumps(written, separators=(",", ":"))


def _written(read: SegmentRead, digest_: str) -> list[Any]:
    if read.name is None or read.segment is None:
        raise TypeError("a document with mistakes is not kept")
    uses = [(use.kind, use.negated, *placed(use.name)) for use in read.uses]
    return [placed(read.name), uses, read.purpose, digest_, encoded(read.segment)]


def _read(page: Page, name: Any, uses: Any, purpose: str, digest_: str, body: str) -> Recalled:
    used = tuple([Use(kind, scalar(*place), negated) for kind, negated, *place in uses])
    return Recalled(page, scalar(*name), purpose, used, Later(body, page.file), digest_)


class Segments(Mapping[str, Segment]):
    """The segments of a project by name, each built when it is asked for."""

    def __init__(self, reads: Iterable[SegmentRead | Recalled]) -> None:
        self._found: dict[str, Segment | Recalled] = {}
        for read in reads:
            if isinstance(read, Recalled):
                self._found[read.name.text] = read
            elif read.segment is not None:
                self._found[read.segment.name] = read.segment

    def recalled(self) -> dict[str, Recalled]:
        """Those that a cache brought, by address."""
        return {f"segment.{name}": one for name, one in self._found.items() if isinstance(one, Recalled)}

    def __getitem__(self, name: str) -> Segment:
        found = self._found[name]
        return found.segment if isinstance(found, Recalled) else found

    def __contains__(self, name: object) -> bool:
        return name in self._found

    def __iter__(self) -> Iterator[str]:
        return iter(self._found)

    def __len__(self) -> int:
        return len(self._found)
