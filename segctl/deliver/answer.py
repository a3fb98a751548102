"""What came of sending one request, and what follows from it. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Final, Literal

from segctl.deliver.backoff import MOST_ASKED

# `failed` is the message's fault, `broken` may be the receiver's; `closed` says that nothing would arrive now
Verdict = Literal["delivered", "failed", "broken", "closed", "gone"]

_GONE: Final = 410
_BROKEN: Final = frozenset((408, *range(500, 600)))
_CLOSED: Final = frozenset((401, 403, 404, 405, 407, 421, 426, 429, 501, 503))
_SAID: Final[dict[int, str]] = {
    401: "answered 401 (who sends is not known)",
    403: "answered 403 (forbidden)",
    404: "answered 404 (nothing there)",
    410: "answered 410 (gone)",
    429: "answered 429 (too many requests)",
    503: "answered 503 (not available)",
}


@dataclass(frozen=True, slots=True)
class Answer:
    """`outcome` is told to people: it holds nothing of what the receiver said but its status."""

    verdict: Verdict
    outcome: str
    status: int | None = None
    retry_after: timedelta | None = None


def answered(status: int, retry_after: str | None, now: datetime) -> Answer:
    """An answer with a status; 2xx is all that counts as delivered."""
    outcome = _SAID.get(status, f"answered {status}")
    wait = _wait(retry_after, now) if retry_after else None
    if 200 <= status < 300:
        return Answer("delivered", outcome, status)
    if status == _GONE:
        return Answer("gone", outcome, status)
    if 300 <= status < 400:
        return Answer("closed", f"answered {status} (redirects are not followed)", status)
    if status in _CLOSED:
        return Answer("closed", outcome, status, wait)
    return Answer("broken" if status in _BROKEN else "failed", outcome, status, wait)


def unreachable(outcome: str) -> Answer:
    """No answer: no message would arrive now."""
    return Answer("closed", outcome)


def _wait(written: str, now: datetime) -> timedelta | None:
    """What Retry-After asks for, in seconds or until a date (RFC 9110, 10.2.3), within bounds."""
    try:
        if written.strip().isascii() and written.strip().isdigit():
            asked = timedelta(seconds=min(int(written[:12]), 10**9))
        else:
            until = parsedate_to_datetime(written)
            asked = (until if until.tzinfo else until.replace(tzinfo=UTC)) - now
    except (ValueError, TypeError, OverflowError):
        return None
    return min(max(asked, timedelta()), MOST_ASKED)
