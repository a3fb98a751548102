"""Files made to break the reader: one diagnostic each, soon, and never a traceback."""

from __future__ import annotations

from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from segctl.base.source import MAX_FILE_BYTES
from segctl.spec.page import Page
from segctl.spec.yaml import documents
from tests.spec.reading import project, segment_text

MANY = 50_000
HOSTILE: dict[str, bytes] = {
    "brackets": b"[" * MANY,
    "braces": b"{" * MANY,
    "dashes": b"- " * MANY,
    "question-marks": b"? " * MANY,
    "nested-keys": "".join(f"{' ' * n}a:\n" for n in range(200)).encode(),
    "billion-laughs": b"a: &a [x]\nb: &b [*a,*a]\nc: [*b,*b]\n",
    "alias-of-nothing": b"a: *b\n",
    "merge-keys": b"a: {k: v}\nb:\n  <<: {k: v}\n",
    "tags": b"a: !!binary aGk=\n",
    "own-tag": b"a: !x y\n",
    "directive": b"%TAG ! tag:x,2000:\n---\na: b\n",
    "nul": b"a: b\0c\n",
    "escape": b"a: \x1b[0m\n",
    "escaped-escape": b'a: "\\e[0m"\n',
    "delete": b"a: \x7f\n",
    "c1": "a: \u0085b\n".encode(),
    "bidi": "a: \u202eb\n".encode(),
    "isolate": "a: \u2066b\n".encode(),
    "escaped-bidi": b'a: "\\u202e"\n',
    "line-separator": "a: \u2028b\n".encode(),
    "zero-width": "a: b\u200bc\n".encode(),
    "surrogate": b'a: "\\ud83d"\n',
    "encoded-surrogate": b"a: \xed\xa0\x80\n",
    "beyond-unicode": b'a: "\\U00110000"\n',
    "overlong": b"a: \xc0\xaf\n",
    "utf16-le": "a: b\n".encode("utf-16"),
    "utf16-be": b"\xfe\xff" + "a: b\n".encode("utf-16-be"),
    "utf32": "a: b\n".encode("utf-32"),
    "too-large": b"# " + b"x" * MAX_FILE_BYTES,
    "key-is-a-mapping": b"{{a: b}: c}\n",
    "two-bom": b"\xef\xbb\xbf\xef\xbb\xbfa: b\n",
    "unclosed": b"a: [1, 2\n",
    "quote": b'a: "' + b"x" * 1000,
}


@pytest.mark.parametrize("data", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_hostile_file_gives_exactly_one_diagnostic_soon(data: bytes) -> None:
    page = Page("x.yaml")
    started = process_time()

    found = documents(page, data)

    assert process_time() - started < 0.5  # 0.1 s on a quiet machine
    assert len(page.mistakes) == 1
    assert found == []
    assert page.mistakes[0].span.file == "x.yaml"


@pytest.mark.parametrize(
    "value",
    [
        "9" * 5000,
        "-" + "9" * 5000,
        "1e99999999",
        "1e99999999999999999999999",
        "1e-99999999999999999999999",
        ".nan",
        "-.inf",
        "0x" + "f" * 4000,
        "1" + "0" * 300 + ".5",
    ],
)
@pytest.mark.parametrize("field", ["vip_level", "total_deposit_amount", "country", "last_login", "consent_email"])
def test_an_impossible_number_gives_exactly_one_diagnostic(field: str, value: str) -> None:
    told = project({"s.yaml": segment_text(f"{{{field}: {{eq: {value}}}}}")}).diagnostics

    assert len(told) == 1
    assert all(len(line) < 400 for line in (told[0].detail, *told[0].help))


@pytest.mark.parametrize("key", ["title", "owner", "tags", "protected", "name", "players"])
def test_a_huge_number_under_any_key_is_a_diagnostic(key: str) -> None:
    text = f"kind: Segment\ntype: dynamic\nrules: {{country: DE}}\n{key}: {'9' * 5000}\n"

    assert project({"s.yaml": text}).diagnostics


def test_a_leading_byte_order_mark_is_tolerated() -> None:
    page = Page("x.yaml")

    [node] = documents(page, b"\xef\xbb\xbfa: b\n")

    assert page.mistakes == []
    assert page.span(node).column == 1


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    page = Page("x.yaml")

    documents(page, data)

    assert len(page.mistakes) >= 0


@given(st.text(alphabet="ab:-[]{}#&*!|>'\"%@`,? \n\t\\0e1é", max_size=120))
def test_any_text_is_read_or_refused(text: str) -> None:
    read = project({"s.yaml": "kind: Segment\nname: s\ntype: dynamic\nrules:\n  " + text})

    assert read.segments or read.diagnostics
