"""Titles and names that try to act where they are shown: nothing that comes out is more than text."""

import json
import re
from pathlib import Path

import pytest
import yaml

from tests.cli.conftest import Cli
from tests.support.casino import CATALOG

# refused when they are read
INVISIBLE = {
    "ansi": "\x1b[31mred\x1b[0m",
    "title of the window": "\x1b]0;pwned\x07",
    "c1": "\x9b31mred",
    "bell and backspace": "a\x07\x08b",
    "bidi": "\u202egnp.exe",
    "isolate": "\u2066x\u2069",
    "zero width": "a\u200bb",
    "line separator": "a\u2028b",
    "byte order mark": "a\ufeffb",
}
# shown as they are
VISIBLE = {
    "lines": "a\nb ::error::x",
    "return": "a\r\nb\r::error::x",
    "rich markup": "[/] [bold red]x[/bold red] [link=https://evil.example]y[/link]",
    "a command of a runner": "::error file=x::pwned",
    "an old command of a runner": "##[error]pwned",
    "a group of a runner": "  ::group::x",
    "a formula": "=cmd|'/c calc'!A1",
    "markdown": "<!-- x --> ``` @everyone #1 [x](javascript:1)",
    "format": "{0} %s %n {title}",
    "long": "x" * 200,
    "wide": "日本語のとても長い題名" * 15,
    "emoji": "👩‍👩‍👧‍👦 VIP 🏆",
}
CONTROL = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff]")
LOOKING: tuple[tuple[str, ...], ...] = (
    ("plan",),
    ("plan", "--json"),
    ("apply", "--auto-approve"),
    ("validate",),
    ("list",),
    ("list", "--wide"),
    ("list", "--json"),
    ("show", "hostile"),
    ("show", "hostile", "--json"),
    ("player", "anna"),
    ("history", "--player", "anna"),
    ("catalog", "list"),
    ("catalog", "list", "--wide"),
    ("catalog", "show", "country"),
    ("catalog", "show", "country", "--json"),
    ("catalog", "check"),
    ("catalog", "infer"),
    ("audit", "log"),
    ("audit", "export"),
    (),
)


def acting(out: str) -> list[str]:
    """Whatever in an output is more than text. In JSON every text is quoted, so no command begins a line."""
    found = CONTROL.findall(out)
    if out.startswith(("{", "[")):
        return found
    return found + [line for line in out.splitlines() if re.match(r"\s*::", line) or "##[" in line]


@pytest.mark.parametrize("key", ["title", "description", "owner", "tags"])
@pytest.mark.parametrize("text", INVISIBLE.values(), ids=INVISIBLE)
def test_what_cannot_be_seen_is_a_mistake_and_is_shown_escaped(cli: Cli, key: str, text: str) -> None:
    quoted = json.dumps(text)  # YAML reads JSON's escapes
    value = f"[{quoted}]" if key == "tags" else quoted
    document = f"kind: Segment\nname: hostile\ntype: dynamic\n{key}: {value}\nrules: {{country: DE}}\n"
    cli.casino.write("segments/hostile.yaml", document)

    for verb in (("validate",), ("validate", "--format", "github"), ("validate", "--json"), ("plan",)):
        said = cli(*verb)

        assert said.code == 1
        assert CONTROL.findall(said.out + said.err) == []


@pytest.mark.parametrize("text", INVISIBLE.values(), ids=INVISIBLE)
def test_raw_characters_in_a_file_are_shown_escaped(cli: Cli, text: str) -> None:
    document = f"kind: Segment\nname: hostile\ntitle: {text}\ntype: dynamic\nrules: {{countri: DE}}\n"
    cli.casino.write("segments/hostile.yaml", document)

    for form in ("text", "json", "github"):
        said = cli("validate", "--format", form)

        assert said.code == 1
        assert CONTROL.findall(said.out + said.err) == []


@pytest.mark.parametrize("text", VISIBLE.values(), ids=VISIBLE)
def test_visible_text_is_text_everywhere(cli: Cli, text: str) -> None:
    document = {
        "kind": "Segment",
        "name": "hostile",
        "title": text,
        "description": text,
        "owner": text,
        "tags": [text[:60]],
        "type": "dynamic",
        "rules": {"all": [{"country": ["DE", text]}, {"email": {"ne": text}}]},
    }
    cli.casino.write("segments/hostile.yaml", yaml.safe_dump(document, allow_unicode=True))
    cli.casino.write(
        "segments/catalog.yaml",
        CATALOG.replace("title: Country", f"title: {json.dumps(text[:100], ensure_ascii=False)}"),
    )

    for step in range(2):
        for arguments in LOOKING:
            said = cli.at(*arguments) if arguments[:1] in (("plan",), ("apply",)) else cli(*arguments)

            if step or arguments[:1] in (("plan",), ("apply",), ("validate",)):
                assert said.code == 0, said.err
            assert acting(said.out + said.err) == [], arguments
        document["title"] = f"{text[:190]} again"
        cli.casino.write("segments/hostile.yaml", yaml.safe_dump(document, allow_unicode=True))


@pytest.mark.parametrize("text", [VISIBLE["a formula"], "+1", "-1", "@x", " =1+1"])
def test_a_cell_is_never_a_formula(cli: Cli, text: str) -> None:
    cli.casino.segment("hostile", {"country": "DE"}, title=text)
    cli.casino.apply()

    assert f",'{text}," in cli("list", "--csv").out


@pytest.mark.parametrize("text", VISIBLE.values(), ids=VISIBLE)
def test_what_is_typed_is_repeated_as_text(cli: Cli, text: str) -> None:
    cli.casino.segment("germans", {"country": "DE"})
    cli.casino.apply()

    hostile = f"\x1b[31m\u202e{text}"
    for arguments in (
        ("show", hostile),
        ("members", hostile),
        ("player", hostile),
        ("plan", "--env", hostile),
        ("catalog", "show", hostile),
    ):
        said = cli(*arguments)

        assert said.code == 1
        assert acting(said.out + said.err) == []


def test_hostile_ids_of_players_are_text(cli: Cli) -> None:
    hostile = "\x1b[31m::error::\u202ex"
    cli.casino.sql(
        "INSERT INTO players VALUES (?, 'DE', 1, NULL, NULL, NULL), ('=1+1', 'DE', 1, NULL, NULL, NULL)", hostile
    )
    cli.casino.segment("germans", {"country": "DE"})
    cli.casino.apply()

    for form in ("text", "csv", "jsonl"):
        assert acting(cli("members", "germans", "--format", form).out.replace("\r\n", "\n")) == []
    assert acting(cli("player", hostile).out) == []
    assert "'=1+1" in cli("members", "germans", "--format", "csv").out


def test_hostile_file_names_are_text(cli: Cli) -> None:
    for name in ("\x1b[31m.yaml", "\u202ex.yaml", "::error::.yaml", "[bold].yaml"):
        (Path("segments") / name).write_text("kind: Segment\nname: x\n")

    for form in ("text", "json", "github"):
        said = cli("validate", "--format", form)

        assert said.code == 1
        assert CONTROL.findall(said.out + said.err) == []
