"""Canonical JSON, and the digests made of it: equal meaning, equal bytes."""

from __future__ import annotations

import hashlib
import hmac
import json
from typing import Any

_encode = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode


def canonical_json(value: Any) -> str:
    """Sorted keys, no white space, UTF-8 kept. Floats are refused beyond 15 digits by who reads them in."""
    return _encode(value)


def digest(value: Any) -> str:
    """SHA-256, in hex, of the canonical JSON of `value`."""
    return text_digest(canonical_json(value))


def text_digest(text: str) -> str:
    """SHA-256, in hex, of a text's UTF-8."""
    return hashlib.sha256(text.encode()).hexdigest()


def keyed_digest(key: bytes, value: Any) -> str:
    """HMAC-SHA-256, in hex: for what must not be guessed back from its digest (ids, personal data)."""
    return hmac.digest(key, canonical_json(value).encode(), "sha256").hex()
