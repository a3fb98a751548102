"""A program that makes no members: the values of some fields, each for a lifetime or in a window. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from segctl.model.catalog import Catalog
from segctl.model.time import Window
from segctl.sql.nodes import Tables, field_fact
from segctl.sql.program import Key, Program


def values_program(wanted: Sequence[tuple[str, Window]], catalog: Catalog) -> tuple[Program, tuple[int, ...]]:
    """The program, and the number of each wanted field's fact; equal ones share one."""
    tables = Tables()
    facts = tuple(field_fact(name, window, catalog, tables) for name, window in wanted)
    # what a program says of entering is what a run keeps the values of
    kept: dict[Key, int] = {("new", f"value {fact}"): fact for fact in facts}
    return Program(catalog.player, tuple(tables.facts), (), (), {}, kept), facts
