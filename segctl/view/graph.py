"""Segments, rules, lists and guards, and who uses whom, as a graph in Mermaid or DOT.

Nodes are called n0, n1, …; a name stands only in a label, where no character of it can act.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from segctl.view.safe import safe

Edge = tuple[str, str]

# around a label, by kind: what a segment is made of looks like something else
_MERMAID = {"segment": ("[", "]"), "rule": ("(", ")"), "list": ("[(", ")]"), "guard": ("{{", "}}")}
_DOT = {"segment": "box", "rule": "ellipse", "list": "cylinder", "guard": "hexagon"}
_harmless = re.compile(r"[A-Za-z0-9 _.-]").fullmatch


def mermaid(nodes: Sequence[str], edges: Iterable[Edge]) -> str:
    """Arrows lead from who uses to what is used, dotted ones to a guard. `nodes` are addresses, in their order."""
    ids = {address: f"n{number}" for number, address in enumerate(nodes)}
    lines = ["flowchart LR", *(f"  {ids[address]}{_shape(address)}" for address in nodes)]
    lines += [f"  {ids[user]} {'-.->' if _guards(used) else '-->'} {ids[used]}" for user, used in edges]
    return "\n".join(lines) + "\n"


def dot(nodes: Sequence[str], edges: Iterable[Edge]) -> str:
    """The same for Graphviz."""
    return "\n".join(["digraph segctl {", "  rankdir=LR;", *_dot_lines(nodes, edges), "}"]) + "\n"


def _dot_lines(nodes: Sequence[str], edges: Iterable[Edge]) -> Iterator[str]:
    ids = {address: f"n{number}" for number, address in enumerate(nodes)}
    for address in nodes:
        kind, _, name = address.partition(".")
        yield f'  {ids[address]} [shape={_DOT[kind]}, label="{_quoted(_label(kind, name))}"];'
    for user, used in edges:
        yield f"  {ids[user]} -> {ids[used]}{' [style=dotted]' if _guards(used) else ''};"


def _shape(address: str) -> str:
    kind, _, name = address.partition(".")
    first, last = _MERMAID[kind]
    return f'{first}"{_escaped(_label(kind, name))}"{last}'


def _label(kind: str, name: str) -> str:
    return name if kind == "segment" else f"{kind} {name}"


def _guards(address: str) -> bool:
    return address.startswith("guard.")


def _escaped(text: str) -> str:
    """Mermaid's own entities, for all that could be markup."""
    return "".join(one if _harmless(one) else f"#{ord(one)};" for one in safe(text))


def _quoted(text: str) -> str:
    return safe(text).replace("\\", "\\\\").replace('"', '\\"')
