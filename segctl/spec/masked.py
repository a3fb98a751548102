"""The text of a document for showing lines of it: what must not be shown gives way to `*`, place for place.

That is personal values, player ids, webhooks, and passwords in addresses of databases. What cannot be read as YAML
is masked more widely: from a key that may be personal to the end of what is below it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet

from segctl.base.source import Source
from segctl.spec.node import Mapping, Node, Scalar, Sequence, text
from segctl.spec.page import Page
from segctl.spec.yaml import documents

# ids, and an address whose every part may be what lets one in
_HIDDEN = ("players", "webhook")
_OPEN = frozenset(("Catalog", "SegmentTest"))  # the one describes fields, the other invents its players
_FLAGS = frozenset(("true", "false"))
_LINE_END = re.compile(r"(\r\n|\r|\n)")
_SEEN = re.compile(r"\S")
# `//user:password@`, `?password=…`, `password=…`: whatever stands before an `@`, or after the `=` of a query
_SECRETS = re.compile(
    r"""(?<=://)(?P<whole>[^\s"']+)(?=@)|((?<=[?&;])[\w.-]+=|(?i:\b(?:password|passwd|pwd|secret|token)=))[^\s"'&;]+"""
)
_KEY = re.compile(r"( *)[\"']?(\w+)[\"']?\s*:(.*)")


def personal_names(sources: Iterable[Source]) -> frozenset[str]:
    """The fields that any of the files marks with `pii`, whatever else is wrong in it."""
    found: set[str] = set()
    for source in sources:
        if b"pii" in source.data:
            nodes = documents(Page(source.file), source.data)
            found.update(*(_marked(node) for node in nodes))
            if not nodes:
                found.update(_likely_marked(_text(source)))
    return frozenset(found)


def masked(source: Source, personal: AbstractSet[str]) -> str:
    """The text of a file, without a byte order mark."""
    return without_passwords(_without_values(source, personal))


def without_passwords(text_: str) -> str:
    """A text with `*` for what may be a password in an address of a database."""
    return _SECRETS.sub(_starred, text_) if "=" in text_ or "@" in text_ else text_


def _starred(found: re.Match[str]) -> str:
    """The name of a parameter may be seen; its value may not."""
    name = "" if found["whole"] else found[2]
    return name + _stars(found[0][len(name) :])


def _without_values(source: Source, personal: AbstractSet[str]) -> str:
    whole = _text(source)
    keys = {name for name in {*personal, *_HIDDEN} if name in whole}
    if not keys:
        return whole
    page = Page(source.file)
    nodes = documents(page, source.data)
    if page.mistakes:
        return _widely(whole, keys)
    values = [value for node in nodes for value in _values(node, keys)]
    return _without(whole, values) if values else whole


def _text(source: Source) -> str:
    return source.data.decode("utf-8", "replace").removeprefix("\ufeff")


def _marked(node: Node) -> Iterator[str]:
    """Keys whose value is a mapping that says `pii`."""
    if type(node) is Mapping:
        for name, (_, value) in node.entries.items():
            if type(value) is Mapping and text(value, "pii", "false") != "false":
                yield name
            yield from _marked(value)


def _likely_marked(whole: str) -> Iterator[str]:
    """The same of what is no YAML: a key with `pii` on its line, or above an indented line of `pii`."""
    above: list[tuple[int, str]] = []
    for found in filter(None, map(_KEY.match, whole.splitlines())):
        indent, name, rest = len(found[1]), found[2], found[3]
        above = [one for one in above if one[0] < indent]
        if name == "pii" and above:
            yield above[-1][1]
        elif "pii" in rest:
            yield name
        above.append((indent, name))


def _values(node: Node, keys: AbstractSet[str]) -> Iterator[Scalar]:
    """The scalars that stand under any of the keys."""
    if type(node) is Mapping:
        if text(node, "kind") in _OPEN:
            return
        for name, (_, value) in node.entries.items():
            yield from _scalars(value) if name in keys else _values(value, keys)
    elif type(node) is Sequence:
        for item in node.items:
            yield from _values(item, keys)


def _scalars(node: Node) -> Iterator[Scalar]:
    if type(node) is Scalar:
        if node.text not in _FLAGS:
            yield node
    else:
        for part in node.items if type(node) is Sequence else _operands(node):
            yield from _scalars(part)


def _operands(node: Mapping) -> list[Node]:
    """The values of operators; a list's name is nobody's."""
    return [value for name, (_, value) in node.entries.items() if name != "in_list"]


def _without(whole: str, values: Iterable[Scalar]) -> str:
    lines = _LINE_END.split(whole)  # every second part is a line's end
    for value in values:
        start, end = value.start, value.end
        for number in range(start.line, min(end.line, len(lines) // 2) + 1):
            line = lines[2 * number]
            first = start.column if number == start.line else 0
            last = end.column if number == end.line else len(line)
            lines[2 * number] = line[:first] + _stars(line[first:last]) + line[last:]
    return "".join(lines)


def _widely(whole: str, keys: AbstractSet[str]) -> str:
    """Masks from a key to where its line ends, and on while lines are indented more or brackets are open."""
    key = re.compile(rf"(?<!\w)({'|'.join(map(re.escape, sorted(keys)))})[\"']?\s*:")
    lines = _LINE_END.split(whole)
    column, depth = -1, 0
    for at in range(0, len(lines), 2):
        line = lines[at]
        if column >= 0 and (depth > 0 or _belongs(line, column)):
            depth += _brackets(line)
            lines[at] = _stars(line)
            continue
        column, found = -1, key.search(line)
        if found is not None:
            column, depth = found.start(), _brackets(line[found.end() :])
            lines[at] = line[: found.end()] + _stars(line[found.end() :])
    return "".join(lines)


def _belongs(line: str, column: int) -> bool:
    """Does a line go on with what a key at this column began? A list may stand as far left as its key."""
    indent = len(line) - len(line.lstrip())
    return not line.strip() or indent > column or (indent == column and line[indent] == "-")


def _brackets(text_: str) -> int:
    return sum((sign in "[{") - (sign in "]}") for sign in text_)


def _stars(part: str) -> str:
    return _SEEN.sub("*", part)
