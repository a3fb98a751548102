"""A draft of a catalog as YAML, with comments that say what was guessed, left out, and must be decided."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator

from segctl.model.draft import Draft, DraftEntry, DraftEvent, DraftValue
from segctl.view.figures import counted
from segctl.view.safe import safe
from segctl.view.width import wrapped

DECIDE = "DECIDE"
_WIDTH = 110
_SCHEMA = "# yaml-language-server: $schema=../schemas/catalog.v1.json"
_plain = re.compile(r"[A-Za-z_][A-Za-z0-9_./-]*(?: [A-Za-z0-9_./-]+)*").fullmatch
_WORDS = frozenset(("true", "false", "null", "yes", "no", "on", "off", "y", "n"))


def draft_yaml(draft: Draft, source: str) -> str:
    """The whole file. `source` is the database in words, without a password."""
    currency = "" if draft.currency_known else f" # {DECIDE}: the one currency in which all money is compared"
    player = ", ".join(f"{key}: {_value(value)}" for key, value in draft.player.keys)
    lines = [
        _SCHEMA,
        *_comment(f"A first catalog, inferred from {source}. Everything in it is a guess: correct it, and remove"),
        *_comment("what no rule needs. Names on the left are what authors write. `pii: true` hides the values."),
        *_unguarded(draft),
        *_to_decide(draft),
        "kind: Catalog",
        f"name: {_value(draft.name)}",
        f"currency: {_value(draft.currency)}{currency}",
        "",
        "# One row a player.",
        f"player: {{{player}}}",
        "",
        *_attributes(draft),
        *_events(draft.events),
        *_metrics(draft.metrics),
        *_left_out("Tables that are not in it", draft.tables_left_out, ""),
    ]
    return "\n".join(lines).rstrip("\n") + "\n"


def draft_words(draft: Draft) -> str:
    """What was found, in one line, and what is open, a line each."""
    fields = len(draft.attributes) + len(draft.metrics)
    told = [
        f"players in {dict(draft.player.keys)['table']}",
        f"{counted(fields, 'field')} ({counted(len(draft.metrics), 'metric')})",
        counted(len(draft.events), "event table"),
        f"{counted(len(draft.tables_left_out), 'table')} left out",
    ]
    lines = [safe(f"{', '.join(told)}.")]
    if draft.decide:
        lines.append(f"{counted(len(draft.decide), 'thing')} to decide, marked {DECIDE} in the file:")
        lines += [f"  {safe(one)}" for one in draft.decide]
    return "\n".join(lines)


def _to_decide(draft: Draft) -> Iterator[str]:
    if draft.decide:
        yield "#"
        yield f"# To decide, marked {DECIDE} below:"
        yield from (f"#   {safe(one)}" for one in draft.decide)


def _unguarded(draft: Draft) -> Iterator[str]:
    if draft.unguarded:
        yield "#"
        told = " nor ".join(draft.unguarded)
        yield from _comment(
            f"No column tells {told}, so no guard in segctl.yaml can ask for it: adjust `guards:` there."
        )


def _attributes(draft: Draft) -> Iterator[str]:
    if not draft.attributes:
        yield from _left_out("Columns that are not in it", draft.attributes_left_out, "")
        return
    yield "# One value a player."
    yield "attributes:"
    for entry in draft.attributes:
        yield from _entry(entry, "  ")
    yield from _left_out("Columns that are not in it", draft.attributes_left_out, "  ")
    yield ""


def _events(events: Iterable[DraftEvent]) -> Iterator[str]:
    for at, event in enumerate(events):
        if not at:
            yield "# Tables with one row an event."
            yield "events:"
        yield from _entry(event.entry, "  ")
        yield "    columns:" if event.columns else "    columns: {}"
        for column in event.columns:
            yield from _comments(column.notes, "      ")
            yield f"      {column.name}: {{{', '.join(f'{key}: {_value(value)}' for key, value in column.keys)}}}"
        yield from _left_out("Columns that are not in it", event.left_out, "    ")
    if events:
        yield ""


def _metrics(metrics: Iterable[DraftEntry]) -> Iterator[str]:
    for at, entry in enumerate(metrics):
        if not at:
            yield "# Values made of a player's events: of the lifetime, or of a range when a rule says `during`."
            yield "metrics:"
        yield from _entry(entry, "  ")
    if metrics:
        yield ""


def _entry(entry: DraftEntry, indent: str) -> Iterator[str]:
    yield from _comments(entry.notes, indent)
    yield f"{indent}{entry.name}:"
    for key, value in entry.keys:
        yield f"{indent}  {key}: {_value(value)}"
    for one in entry.open:
        yield f"{indent}  # {DECIDE}: {safe(one.reason)}"
        yield f"{indent}  # {one.key}: {_value(one.proposal)}"


def _left_out(heading: str, reasons: tuple[str, ...], indent: str) -> Iterator[str]:
    if reasons:
        yield f"{indent}# {heading}:"
        for reason in reasons:
            first, *more = wrapped(safe(reason), _WIDTH - len(indent) - 6)
            yield f"{indent}#   {first}"
            yield from (f"{indent}#     {rest}" for rest in more)


def _comments(notes: Iterable[str], indent: str) -> Iterator[str]:
    for note in notes:
        yield from (f"{indent}# {line}" for line in wrapped(safe(note), _WIDTH - len(indent) - 2))


def _comment(text: str) -> Iterator[str]:
    yield from (f"# {line}" for line in wrapped(safe(text), _WIDTH))


def _value(value: DraftValue) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case int():
            return str(value)
        case tuple():
            return f"[{', '.join(map(_scalar, value))}]"
        case str():
            return _scalar(value)


def _scalar(text: str) -> str:
    """In quotes wherever a reader of YAML, old or new, might take it for something else than text."""
    plain = _plain(text) and text.lower() not in _WORDS and not text.endswith((" ", "/"))
    if plain:
        return text
    return json.dumps(text, ensure_ascii=False) if safe(text) == text else _escaped(text)


def _escaped(text: str) -> str:
    """For what would act where it is printed: signs as YAML's escapes, which read back the same."""
    return '"' + "".join(one if one.isalnum() else f"\\U{ord(one):08x}" for one in text) + '"'
