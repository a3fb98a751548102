"""A generated project as rules and catalog, read from its files as segctl reads them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from benchmarks.projects import AS_OF
from segctl.model.time import Clock
from segctl.sql.lower import Subject
from segctl.workflow.load import load
from segctl.workflow.worlds import Definition, World, in_order


@dataclass(frozen=True, slots=True)
class Corpus:
    """All segments of a project, `names` with used ones first, and the instant to evaluate at."""

    world: World
    names: tuple[str, ...]
    clock: Clock

    def subjects(self) -> list[Subject]:
        """What segctl lowers, all of it at once."""
        return [self._subject(name) for name in self.names]

    def _subject(self, name: str) -> Subject:
        one = self.world.segments[name]
        return Subject(
            ("new", name), self.world.catalog, one.rules, uses={used: ("new", used) for used in one.uses()}
        )


def corpus(folder: Path) -> Corpus:
    """Reads a project without mistakes. Guards are left out: one query a segment knows none."""
    loaded = load(folder)
    assert loaded.settings is not None
    assert loaded.project.catalog is not None
    assert not loaded.diagnostics, loaded.diagnostics
    definitions = {name: Definition(name, one.type, one.rules) for name, one in loaded.project.segments.items()}
    world = World(definitions, loaded.project.catalog)
    names = tuple(in_order({name: definitions[name].uses() for name in sorted(definitions)}))
    return Corpus(world, names, Clock(datetime.fromisoformat(AS_OF), ZoneInfo(loaded.settings.timezone)))
