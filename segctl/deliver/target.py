"""Where messages of a webhook go and what signs them, from what the segment says and what variables hold. Pure."""

from __future__ import annotations

import base64
import binascii
import re
import string
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import SplitResult, quote, urlsplit

from standardwebhooks import Webhook as Signer

_VARIABLE: Final = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}").fullmatch
_PREFIX: Final = "whsec_"
# as the specification has it (https://www.standardwebhooks.com, "Signature scheme")
_LEAST_BYTES, _MOST_BYTES = 24, 64
_PORTS: Final = {"https": 443, "http": 80}


@dataclass(frozen=True, slots=True)
class Target:
    """One address, ready to be sent to. `private` says that its host may have a private network address."""

    scheme: str
    host: str
    port: int
    path: str = field(repr=False)
    signers: tuple[Signer, ...] = field(repr=False)
    private: bool = False


@dataclass(frozen=True, slots=True)
class Unusable:
    """Why nothing can be sent, in words that give nothing away."""

    why: str


def target(
    url: str, secrets: Sequence[str], variables: Mapping[str, str], private_hosts: AbstractSet[str]
) -> Target | Unusable:
    """The target of a webhook, or what is wrong with it."""
    address = _value(url, variables)
    if address is None:
        return Unusable(f"the variable {_name(url)} is not set")
    try:
        parts = urlsplit(address)
        host, port = _host(parts.hostname or ""), parts.port
    except ValueError:
        return Unusable("its address cannot be read")
    private = host in private_hosts
    wrong = _wrong(parts, host, private=private)
    if wrong is not None:
        return Unusable(wrong)
    signers = []
    for secret in secrets:
        signer = _signer(secret, variables)
        if isinstance(signer, Unusable):
            return signer
        signers.append(signer)
    return Target(parts.scheme, host, port or _PORTS[parts.scheme], _path(parts), tuple(signers), private)


def _wrong(parts: SplitResult, host: str, *, private: bool) -> str | None:
    if parts.scheme not in _PORTS or not host:
        return "its address is no https address"
    if parts.scheme == "http" and not private:
        return "its address is http, which only a host in `private_hosts` may have"
    if "@" in parts.netloc:
        return "a user or a password stands in its address"
    return None


def _value(written: str, variables: Mapping[str, str]) -> str | None:
    found = _VARIABLE(written)
    value = written if found is None else variables.get(found[1])
    return value.strip() if value else None


def _name(written: str) -> str:
    return written.removeprefix("${").removesuffix("}")


def _host(name: str) -> str:
    """As the network has it. Raises: ValueError."""
    return name.encode("idna").decode() if not name.isascii() else name.rstrip(".")


def _path(parts: SplitResult) -> str:
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return quote(path, safe=string.punctuation)


def _signer(secret: str, variables: Mapping[str, str]) -> Signer | Unusable:
    value = _value(secret, variables)
    if value is None:
        return Unusable(f"the variable {_name(secret)} is not set")
    text = value.removeprefix(_PREFIX)
    try:
        key = base64.b64decode(text + "=" * (-len(text) % 4), validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if not _LEAST_BYTES <= len(key) <= _MOST_BYTES:
        return Unusable(f"the variable {_name(secret)} holds no key: `whsec_` and base64 of 24 to 64 bytes")
    return Signer(key)
