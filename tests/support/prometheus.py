"""The text format of Prometheus (0.0.4), read strictly: whatever the format does not allow is an AssertionError.

https://prometheus.io/docs/instrumenting/exposition_formats/#text-format-details
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

_HELP = re.compile(r"# HELP ([a-zA-Z_:][a-zA-Z0-9_:]*) ((?:[^\\\n]|\\\\|\\n)*)")
_TYPE = re.compile(r"# TYPE ([a-zA-Z_:][a-zA-Z0-9_:]*) (counter|gauge)")
_SAMPLE = re.compile(r"([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.+)\})? (-?[0-9]+(?:\.[0-9]+)?)", re.DOTALL)
_LABEL = re.compile(r'([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\["\\n])*)"(,|$)')
_ESCAPED = re.compile(r"\\(.)")

Labels = frozenset[tuple[str, str]]


@dataclass(slots=True)
class Family:
    """One metric: what it is, what is said of it, and its samples by their labels."""

    help: str
    kind: str = ""
    samples: dict[Labels, float] = field(default_factory=dict)


def families(text: str) -> dict[str, Family]:
    """All metrics of a page by name: HELP, then TYPE, then samples, and nothing of another one between them."""
    assert text.endswith("\n"), "the last line ends"
    found: dict[str, Family] = {}
    name = ""
    for line in text[:-1].split("\n"):
        if told := _HELP.fullmatch(line):
            name = told[1]
            assert name not in found, f"{name} comes twice"
            found[name] = Family(_plain(told[2]))
        elif told := _TYPE.fullmatch(line):
            assert (told[1], found[name].kind, found[name].samples) == (name, "", {}), line
            found[name].kind = told[2]
        else:
            told = _SAMPLE.fullmatch(line)
            assert told is not None, f"no line of the format: {line!r}"
            assert told[1] == name, f"{told[1]} among those of {name}"
            assert found[name].kind, f"{name} has no TYPE"
            labels = _labels(told[2] or "")
            assert labels not in found[name].samples, f"{line!r} comes twice"
            found[name].samples[labels] = float(told[3])
    return found


def _labels(text: str) -> Labels:
    found, at = [], 0
    while at < len(text):
        told = _LABEL.match(text, at)
        assert told is not None, f"no labels: {text[at:]!r}"
        found.append((told[1], _plain(told[2])))
        at = told.end()
        assert (told[3] == ",") == (at < len(text)), f"a comma too many or too few: {text!r}"
    assert len({name for name, _ in found}) == len(found), f"a label comes twice: {text!r}"
    return frozenset(found)


def _plain(text: str) -> str:
    return _ESCAPED.sub(lambda told: "\n" if told[1] == "n" else told[1], text)
