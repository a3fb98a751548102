"""The one comment that a plan has on its pull request or merge request: found by its first line, or made. Network.

https://docs.github.com/en/rest/issues/comments · https://docs.gitlab.com/api/notes/#merge-requests
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal
from urllib.parse import quote

import httpx

from segctl.base.errors import Refused

Kind = Literal["github", "gitlab"]
_TIMEOUT_SECONDS: Final = 20.0
_ATTEMPTS: Final = 4
_LONGEST_WAIT_SECONDS: Final = 60.0
_BUSY: Final = frozenset((429, 500, 502, 503, 504))
_PAGE: Final = 100
_MOST_PAGES: Final = 100
_WHY: Final = {
    401: "the token is not accepted",
    403: "the token may not do this: it needs the right to write to pull requests",
    404: "there is no such project, request or comment, or the token does not see it",
    422: "the comment is not accepted",
}


@dataclass(frozen=True, slots=True)
class Forge:
    """Where to comment. `number` is the request's, or `commit` finds it. `bot` says that a bot comments."""

    kind: Kind
    api: str
    project: str
    token: str = field(repr=False)
    number: int | None = None
    commit: str | None = None
    bot: bool = False


@dataclass(frozen=True, slots=True)
class Posted:
    """The comment, and whether it is a new one."""

    url: str
    number: int
    new: bool


def post(forge: Forge, marker: str, body: str) -> Posted:
    """Writes the comment that begins with `marker`, over the one that is there. Raises: Refused."""
    headers = {"Accept": "application/json", "User-Agent": "segctl"}
    if forge.kind == "github":
        headers |= {"Authorization": f"Bearer {forge.token}", "X-GitHub-Api-Version": "2022-11-28"}
    else:
        headers["PRIVATE-TOKEN"] = forge.token
    with httpx.Client(headers=headers, timeout=_TIMEOUT_SECONDS, follow_redirects=False) as client:
        asking = _Asking(client, forge)
        number = forge.number if forge.number is not None else _number(asking, forge)
        place = _place(forge, number)
        found = next((one for one in _comments(asking, place) if _is_ours(one, marker, forge)), None)
        if found is None:
            made = asking.json("POST", place, {"body": body})
        else:
            method = "PATCH" if forge.kind == "github" else "PUT"
            made = asking.json(method, _one(forge, place, found["id"]), {"body": body})
    return Posted(str(made.get("html_url", "")), number, found is None)


@dataclass(frozen=True, slots=True)
class _Asking:
    """Asks the API, and again while it is busy."""

    client: httpx.Client
    forge: Forge

    def json(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> Any:
        """What it answers. Raises: Refused, without the token and without the body."""
        for attempt in range(1, _ATTEMPTS + 1):
            try:
                said = self.client.request(method, f"{self.forge.api}{path}", json=body)
            except httpx.HTTPError as error:
                if attempt < _ATTEMPTS:
                    time.sleep(_wait(None, attempt))
                    continue
                raise Refused(
                    f"{self._host} cannot be reached: {type(error).__name__}.", "Run the same command again."
                ) from None
            if said.status_code in _BUSY and attempt < _ATTEMPTS:
                time.sleep(_wait(said, attempt))
                continue
            return self._answer(said, method, path)
        raise AssertionError  # the last attempt answers or raises

    @property
    def _host(self) -> str:
        return httpx.URL(self.forge.api).host

    def _answer(self, said: httpx.Response, method: str, path: str) -> Any:
        if not said.is_success:
            why = _WHY.get(said.status_code, "it does not say more")
            raise Refused(
                f"{self._host} refuses {method} {path.partition('?')[0]} with {said.status_code}: {why}.",
                "Check the token, the project and the number: segctl review post --help",
            )
        try:
            return said.json()
        except ValueError:
            raise Refused(
                f"{self._host} answers with something else than JSON.", "Check the API's address."
            ) from None


def _wait(said: httpx.Response | None, attempt: int) -> float:
    asked = said.headers.get("Retry-After", "") if said is not None else ""
    return min(float(asked) if asked.isdigit() else 0.5 * 2**attempt, _LONGEST_WAIT_SECONDS)


def _project(forge: Forge) -> str:
    return (
        f"/repos/{quote(forge.project)}"
        if forge.kind == "github"
        else f"/projects/{quote(forge.project, safe='')}"
    )


def _place(forge: Forge, number: int) -> str:
    """Where the comments of a request are."""
    below = f"issues/{number}/comments" if forge.kind == "github" else f"merge_requests/{number}/notes"
    return f"{_project(forge)}/{below}"


def _one(forge: Forge, place: str, comment: int) -> str:
    return f"{_project(forge)}/issues/comments/{comment}" if forge.kind == "github" else f"{place}/{comment}"


def _comments(asking: _Asking, place: str) -> Iterator[Mapping[str, Any]]:
    for page in range(1, _MOST_PAGES + 1):
        found = asking.json("GET", f"{place}?per_page={_PAGE}&page={page}")
        yield from found
        if len(found) < _PAGE:
            return


def _is_ours(comment: Mapping[str, Any], marker: str, forge: Forge) -> bool:
    """Does it begin as ours do? Where a bot comments, what a person wrote is not ours, whatever it begins with."""
    body = comment.get("body") or ""
    person = forge.bot and (comment.get("user") or {}).get("type") != "Bot"
    return body.partition("\n")[0].strip() == marker and not person


def _number(asking: _Asking, forge: Forge) -> int:
    """The open request whose head is the commit. Raises: Refused."""
    commit = quote(forge.commit or "", safe="")
    github = forge.kind == "github"
    below = f"commits/{commit}/pulls" if github else f"repository/commits/{commit}/merge_requests"
    for one in asking.json("GET", f"{_project(forge)}/{below}"):
        head = (one.get("head") or {}).get("sha") if github else one.get("sha")
        if one.get("state") in ("open", "opened") and head == forge.commit:
            return int(one["number"] if github else one["iid"])
    raise Refused(
        f"No open request has the commit {(forge.commit or '')[:12]} as its head.", "Say which: --pull N"
    )
