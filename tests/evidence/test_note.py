"""Signed notes and checkpoints: read as they are written, held to a note that another project signed."""

from __future__ import annotations

from base64 import b64decode
from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from segctl.evidence.checkpoint import Checkpoint, checkpoint_of, checkpoint_text, is_of_another, origin_of
from segctl.evidence.ed25519 import is_signed, new_key, public_key, signed
from segctl.evidence.merkle import leaf_hash
from segctl.evidence.note import Note, is_key_name, key_id, note_text, read_note

# the example of golang.org/x/mod/sumdb/note: its text, its signature and its verifier key
GO_NOTE = (
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n"
    "\n"
    "\u2014 PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)
GO_NAME, GO_ID = "PeterNeumann", "c74f20a3"
GO_KEY = b64decode("ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW")
# the pair of keys in RFC 8410, section 10, as openssl writes such keys too
PRIVATE = b"""-----BEGIN PRIVATE KEY-----
MC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC
-----END PRIVATE KEY-----
"""
PUBLIC = b"""-----BEGIN PUBLIC KEY-----
MCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=
-----END PUBLIC KEY-----
"""
NAME = "example.com/log"
CHECKPOINT = Checkpoint(NAME, 42, leaf_hash(b"root"))
NOTE = Note(checkpoint_text(CHECKPOINT))


def pem(raw: bytes) -> bytes:
    return Ed25519PublicKey.from_public_bytes(raw).public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def test_a_note_that_go_signed_is_read_and_its_signature_holds() -> None:
    note = read_note(GO_NOTE.encode())

    assert key_id(GO_NAME, GO_KEY[1:]).hex() == GO_ID == note.signatures[0].key_id.hex()
    assert is_signed(note, pem(GO_KEY[1:]), GO_NAME)
    assert note_text(note) == GO_NOTE


@pytest.mark.parametrize("at", [0, 10, len(GO_NOTE.partition("\n\n")[0]) - 1])
def test_no_other_text_is_signed(at: int) -> None:
    spoiled = GO_NOTE[:at] + "X" + GO_NOTE[at + 1 :]

    assert not is_signed(read_note(spoiled.encode()), pem(GO_KEY[1:]), GO_NAME)


def test_what_is_signed_is_read_and_checked() -> None:
    key = new_key()
    note = read_note(note_text(signed(NOTE, key, NAME)).encode())

    assert checkpoint_of(note) == CHECKPOINT
    assert is_signed(note, public_key(key), NAME)
    assert not is_signed(note, public_key(key), "example.com/other")
    assert not is_signed(note, public_key(new_key()), NAME)
    assert not is_signed(NOTE, public_key(key), NAME)


def test_signatures_of_other_keys_are_left_alone_and_a_wrong_one_of_this_key_refuses_the_note() -> None:
    key, other = new_key(), new_key()
    both = signed(signed(NOTE, other, NAME), key, NAME)
    right = both.signatures[1]
    wrong = replace(right, value=bytes(64))

    assert is_signed(both, public_key(key), NAME)
    assert not is_signed(replace(both, signatures=(right, wrong)), public_key(key), NAME)


def test_keys_are_what_openssl_writes() -> None:
    assert public_key(PRIVATE) == PUBLIC
    assert is_signed(signed(NOTE, PRIVATE, NAME), PUBLIC, NAME)


def other_key() -> bytes:
    made = rsa.generate_private_key(65537, 2048)
    return made.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def protected_key() -> bytes:
    made = load_pem_private_key(new_key(), None)
    return made.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(b"word"))


@pytest.mark.parametrize(
    ("key", "said"),
    [
        (b"", "not a private key"),
        (b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n", "not a private key"),
        (public_key(new_key()), "not a private key"),
        (protected_key(), "passphrase"),
        (other_key(), "not an ed25519 key"),
    ],
    ids=["empty", "broken", "public", "protected", "rsa"],
)
def test_what_is_no_key_is_told(key: bytes, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        signed(NOTE, key, NAME)


@pytest.mark.parametrize("key", [b"", new_key()], ids=["empty", "private"])
def test_what_is_no_public_key_is_told(key: bytes) -> None:
    with pytest.raises(ValueError, match="not a public key"):
        is_signed(NOTE, key, NAME)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (b"a\xff\n", "utf-8"),
        (b"a\r\n1\r\n", "control characters"),
        (b"a", "does not end"),
        (b"a\n\nb\n", "not a signature"),
        (b"a\n\n", "not a signature"),
        ("a\n\n\u2014 n AAAA\n".encode(), "too short"),
        ("a\n\n\u2014 n AAAAB=\n".encode(), None),
        ("a\n\n\u2014 a+b AAAAAAAA\n".encode(), "not a signature"),
        (b"a\n\n" + "\u2014 n AAAAAAAA\n".encode() * 101, "more than 100"),
        (b"a" * 70_000 + b"\n", "more than 65,536 bytes"),
    ],
)
def test_what_is_no_note_is_told(text: bytes, said: str | None) -> None:
    with pytest.raises(ValueError, match=said):
        read_note(text)


def test_a_text_may_hold_blank_lines() -> None:
    assert read_note("a\n\nb\n\n\u2014 n AAAAAAAA\n".encode()).text == "a\n\nb\n"


def test_lines_of_a_checkpoint_after_the_third_say_nothing() -> None:
    assert checkpoint_of(Note(f"{NOTE.text}more\n")) == CHECKPOINT


ROOT = NOTE.text.splitlines()[2]


@pytest.mark.parametrize(
    "text",
    [
        f"{NAME}\n42\n",
        f"\n42\n{ROOT}\n",
        f"{NAME}\n042\n{ROOT}\n",
        f"{NAME}\n-1\n{ROOT}\n",
        f"{NAME}\n4\u0662\n{ROOT}\n",
        f"{NAME}\n42 \n{ROOT}\n",
        f"{NAME}\n{'9' * 20}\n{ROOT}\n",
        f"{NAME}\n42\n{ROOT[:-4]}\n",
        f"{NAME}\n42\n{ROOT[:-2]}9=\n",
        f"{NAME}\n42\nAAAA\n",
        f"{NAME}\n42\n{ROOT}\n\nmore\n",
    ],
)
def test_what_is_no_checkpoint_is_refused(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - what is wrong differs
        checkpoint_of(Note(text))


def test_the_log_of_a_state_has_a_name_that_no_other_state_has() -> None:
    assert is_of_another(origin_of("one"), "other")
    assert not is_of_another(origin_of("one"), "one")
    assert not is_of_another(NAME, "one")


@pytest.mark.parametrize(
    ("name", "right"),
    [(NAME, True), ("", False), ("a b", False), ("a+b", False), ("a\u00a0b", False), ("a\n", False)],
)
def test_names_of_keys(name: str, right: bool) -> None:  # noqa: FBT001
    assert is_key_name(name) is right
