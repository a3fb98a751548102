"""Signed notes (https://c2sp.org/signed-note): a text, and lines that say who signed it. Checks no signature."""

from __future__ import annotations

import hashlib
from base64 import b64decode, b64encode
from dataclasses import dataclass
from typing import Final

MAX_NOTE_BYTES: Final = 65_536
_MOST_SIGNATURES: Final = 100
_KEY_ID_BYTES: Final = 4
_DASH: Final = "\u2014 "
_ED25519: Final = b"\1"


@dataclass(frozen=True, slots=True)
class Signature:
    """One line of a note: the name of a key, the four bytes that stand for it, and what it made of the text."""

    name: str
    key_id: bytes
    value: bytes


@dataclass(frozen=True, slots=True)
class Note:
    """A text that ends with a newline, and its signatures; without any, it is what its bearer says it is."""

    text: str
    signatures: tuple[Signature, ...] = ()


def note_text(note: Note) -> str:
    """The note as it is kept and sent. Without signatures, the text alone."""
    if not note.signatures:
        return note.text
    lines = [f"{_DASH}{one.name} {b64encode(one.key_id + one.value).decode()}\n" for one in note.signatures]
    return f"{note.text}\n{''.join(lines)}"


def read_note(data: bytes) -> Note:
    """The note in a file. Raises: ValueError, with what is wrong with it."""
    if len(data) > MAX_NOTE_BYTES:
        raise ValueError(f"it has more than {MAX_NOTE_BYTES:,} bytes")
    text = data.decode("utf-8")
    if any(character < " " and character != "\n" for character in text):
        raise ValueError("it holds control characters; a line ends with a newline alone")
    if not text.endswith("\n"):
        raise ValueError("its last line does not end")
    body, between, signed = text.rpartition("\n\n")
    if not between:
        return Note(text)
    lines = signed.removesuffix("\n").split("\n")
    if len(lines) > _MOST_SIGNATURES:
        raise ValueError(f"it has more than {_MOST_SIGNATURES} signatures")
    return Note(f"{body}\n", tuple(_signature(line) for line in lines))


def is_key_name(name: str) -> bool:
    """May a key, and so what it signs for, be called so?"""
    return bool(name) and name.isprintable() and "+" not in name and not any(map(str.isspace, name))


def key_id(name: str, public: bytes) -> bytes:
    """What stands for an ed25519 key of a name in a signature line."""
    return hashlib.sha256(name.encode() + b"\n" + _ED25519 + public).digest()[:_KEY_ID_BYTES]


def base64_bytes(text: str) -> bytes:
    """What a base64 text says, which is written in one way only. Raises: ValueError."""
    data = b64decode(text.encode("ascii"), validate=True)
    if b64encode(data).decode() != text:
        raise ValueError(f"{text} is not base64 as it is written")
    return data


def _signature(line: str) -> Signature:
    name, _, value = line.removeprefix(_DASH).partition(" ")
    if not line.startswith(_DASH) or not is_key_name(name):
        raise ValueError("a line below the blank one is not a signature")
    data = base64_bytes(value)
    if len(data) <= _KEY_ID_BYTES:
        raise ValueError("a signature is too short")
    return Signature(name, data[:_KEY_ID_BYTES], data[_KEY_ID_BYTES:])
