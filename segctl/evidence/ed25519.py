"""Keys that sign notes, as PEM, and their signatures. The arithmetic is that of the cryptography package."""

from __future__ import annotations

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)

from segctl.evidence.note import Note, Signature, key_id


def new_key() -> bytes:
    """A new private key, in PEM (PKCS #8)."""
    return Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def public_key(private: bytes) -> bytes:
    """The public key of a private one, in PEM. Raises: ValueError."""
    return _private(private).public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def signed(note: Note, private: bytes, name: str) -> Note:
    """The note with one more signature, by a key in PEM under a name. Raises: ValueError."""
    key = _private(private)
    identity = key_id(name, key.public_key().public_bytes_raw())
    return Note(note.text, (*note.signatures, Signature(name, identity, key.sign(note.text.encode()))))


def is_signed(note: Note, public: bytes, name: str) -> bool:
    """Has the key, in PEM, signed the note under this name? False if one line that claims so is wrong.

    Raises: ValueError, if it is no ed25519 key.
    """
    key = _public(public)
    identity = key_id(name, key.public_bytes_raw())
    claims = [one.value for one in note.signatures if (one.name, one.key_id) == (name, identity)]
    return bool(claims) and all(_holds(key, value, note.text.encode()) for value in claims)


def _holds(key: Ed25519PublicKey, value: bytes, text: bytes) -> bool:
    try:
        key.verify(value, text)
    except InvalidSignature:
        return False
    return True


def _private(pem: bytes) -> Ed25519PrivateKey:
    try:
        key = load_pem_private_key(pem, password=None)
    except TypeError:
        raise ValueError("it is protected by a passphrase, and segctl asks for none") from None
    except (ValueError, UnsupportedAlgorithm):
        raise ValueError("it is not a private key in PEM") from None
    if not isinstance(key, Ed25519PrivateKey):
        raise ValueError("it is not an ed25519 key")  # noqa: TRY004 - a wrong file, not a wrong type
    return key


def _public(pem: bytes) -> Ed25519PublicKey:
    try:
        key = load_pem_public_key(pem)
    except (ValueError, UnsupportedAlgorithm):
        raise ValueError("it is not a public key in PEM") from None
    if not isinstance(key, Ed25519PublicKey):
        raise ValueError("it is not an ed25519 key")  # noqa: TRY004 - a wrong file, not a wrong type
    return key
