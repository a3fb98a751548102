"""Bytes of a document file → text, or what is wrong with them."""

from __future__ import annotations

import re
import unicodedata

from segctl.base.source import MAX_FILE_BYTES
from segctl.base.span import Span
from segctl.spec.page import Page

# Controls but tab and line ends, marks that turn the direction of text, and what has no width: a reviewer
# would not see them. The joiners U+200C and U+200D stay, since scripts and emoji need them.
_INVISIBLE = (
    r"\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f"
    r"\ufeff\ufff9-\ufffb\ud800-\udfff\U000e0000-\U000e007f"
)
invisible = re.compile(f"[{_INVISIBLE}]").search
_VISIBLE_ASCII = b"\t\n\r" + bytes(range(0x20, 0x7F))
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_BOM = b"\xef\xbb\xbf"


def decoded(page: Page, data: bytes) -> str | None:
    """The text of a file. None, with one mistake noted, if it is not text that people can review."""
    if len(data) > MAX_FILE_BYTES:
        page.note(
            "SEG006",
            _place(page, "", 0),
            f"The file has {len(data):,} bytes; a document may have {MAX_FILE_BYTES:,}.",
            "Put long lists of players into a side file: `players_file: lists/vip.csv`.",
        )
        return None
    if data.startswith(_UTF16) or (b"\0" in data and data.count(b"\0") * 3 >= len(data)):
        page.note("SEG001", _place(page, "", 0), "The file looks like UTF-16.", "Save it as UTF-8.")
        return None
    return _utf8(page, data.removeprefix(_BOM))


def _utf8(page: Page, data: bytes) -> str | None:
    if not data.translate(None, _VISIBLE_ASCII):  # nearly every file, and far cheaper than the search below
        return data.decode()
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        before = data[: error.start].decode()
        detail = f"Byte {error.start + 1} (0x{data[error.start]:02x}) is not part of any UTF-8 character."
        page.note("SEG001", _place(page, before, len(before)), detail, "Save the file as UTF-8.")
        return None
    found = invisible(text)
    if found is None:
        return text
    page.note("SEG009", _place(page, text, found.start()), f"The file has {character(found[0])} in it.", REMOVE)
    return None


REMOVE = "Remove it: reviewers do not see it."


def character(sign: str) -> str:
    """The number and name of a character that cannot be shown."""
    name = unicodedata.name(sign, "a control character")
    return f"U+{ord(sign):04X} ({name.lower()})"


def _place(page: Page, text: str, offset: int) -> Span:
    line = text.count("\n", 0, offset) + 1
    column = offset - (text.rfind("\n", 0, offset) + 1) + 1
    return Span(page.file, line, column, line, column + 1)
