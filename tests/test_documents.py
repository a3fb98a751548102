"""Documents tell the truth: commands, options, files and tests that they name are there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from segctl.cli.verbs import VERBS, command

ROOT = Path(__file__).parent.parent
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "tests").rglob("*.md")])
ABOUT_SEGCTL = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]

# fenced blocks, and what stands between single backticks
_CODE = re.compile(r"^```[^\n]*\n(.*?)^```|`([^`\n]+)`", re.MULTILINE | re.DOTALL)
_COMMAND = re.compile(r"(?<![\w./-])segctl +([^\n`|&;#]+)")
_OPTION = re.compile(r"--[a-z][a-z-]*")
_LINK = re.compile(r"\]\(([^)#:]+)(?:#[^)]*)?\)")


def codes(text: str) -> Iterator[str]:
    for found in _CODE.finditer(text):
        yield found[1] or found[2] or ""


def options(node: Any) -> set[str]:
    return {name for parameter in node.params for name in (*parameter.opts, *parameter.secondary_opts)} | {
        "--help"
    }


def wrong(words: list[str]) -> str:
    """What is not true of the words after `segctl`; empty if they are a command."""
    root: Any = command(words)
    node, path = root, ["segctl"]
    while words and hasattr(node, "commands") and re.fullmatch(r"[a-z]+(-[a-z]+)*", words[0]):
        if words[0] not in node.commands:
            return f"{' '.join(path)} has no verb {words[0]}"
        node = node.commands[words[0]]
        path.append(words.pop(0))
    unknown = set(_OPTION.findall(" ".join(words))) - options(node)
    return f"{' '.join(path)} has no option {', '.join(sorted(unknown))}" if unknown else ""


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("path", DOCUMENTS, ids=name)
def test_commands_in_documents_exist(path: Path) -> None:
    said = [found[1].split() for code in codes(path.read_text()) for found in _COMMAND.finditer(code)]

    assert [told for words in said if (told := wrong(words))] == []


@pytest.mark.parametrize("path", ABOUT_SEGCTL, ids=name)
def test_options_in_documents_exist(path: Path) -> None:
    known = set[str]().union(
        *(options_below(command([verb]).commands[verb]) for verb in VERBS), options(command([]))
    )
    said = {found[0] for code in codes(path.read_text()) if (found := _OPTION.match(code))}

    assert said - known == set()


def options_below(node: Any) -> set[str]:
    below = getattr(node, "commands", {}).values()
    return options(node).union(*(options_below(one) for one in below))


@pytest.mark.parametrize("path", DOCUMENTS, ids=name)
def test_links_in_documents_lead_somewhere(path: Path) -> None:
    links = [link for link in _LINK.findall(path.read_text()) if not link.startswith("<")]

    assert [link for link in links if not (path.parent / link).exists()] == []


@pytest.mark.parametrize("file", ["ARCHITECTURE.md", "CONTRIBUTING.md"])
def test_files_and_tests_that_guide_the_reader_exist(file: str) -> None:
    said = {code for code in codes((ROOT / file).read_text()) if "\n" not in code}
    tests = "\n".join(path.read_text() for path in (ROOT / "tests").rglob("test_*.py"))
    paths = {code for code in said if re.fullmatch(r"\.?[\w.-]+(/[\w.-]+)*/?", code) and "/" in code}

    assert {
        path for path in paths if not (ROOT / path).exists() and not (ROOT / "segctl" / path).exists()
    } == set()
    assert {code for code in said if re.fullmatch(r"test_\w+", code) and f"def {code}(" not in tests} == set()
