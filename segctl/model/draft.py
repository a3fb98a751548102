"""A catalog before anybody has read it: what was found in a database, and what is open. Plain data."""

from __future__ import annotations

from dataclasses import dataclass

DraftValue = str | bool | int | tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Open:
    """A key that must be decided: it is written as a comment, with a proposal."""

    key: str
    proposal: str
    reason: str


@dataclass(frozen=True, slots=True)
class DraftEntry:
    """A named mapping of the catalog: keys in their order, notes to stand above it, and what is open."""

    name: str
    keys: tuple[tuple[str, DraftValue], ...]
    notes: tuple[str, ...] = ()
    open: tuple[Open, ...] = ()


@dataclass(frozen=True, slots=True)
class DraftEvent:
    """An event table with its columns. `left_out` says of columns why they are not there."""

    entry: DraftEntry
    columns: tuple[DraftEntry, ...]
    left_out: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Draft:
    """A whole catalog. `currency_known` is false where it is only a proposal.

    `unguarded` says what no column tells and a guard of marketing would ask for.
    """

    name: str
    currency: str
    currency_known: bool
    player: DraftEntry
    attributes: tuple[DraftEntry, ...]
    attributes_left_out: tuple[str, ...]
    events: tuple[DraftEvent, ...]
    metrics: tuple[DraftEntry, ...]
    tables_left_out: tuple[str, ...]
    unguarded: tuple[str, ...] = ()

    @property
    def decide(self) -> tuple[str, ...]:
        """What is open, one sentence each."""
        entries = [self.player, *self.attributes, *(event.entry for event in self.events)]
        currency = () if self.currency_known else ("currency: in which currency is all money compared?",)
        return (
            *currency,
            *(f"{one.key} of {entry.name}: {one.reason}" for entry in entries for one in entry.open),
        )
