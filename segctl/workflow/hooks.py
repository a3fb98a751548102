"""Webhooks as the state has them: whose they are, where they go, and who may be told of."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from pyroaring import BitMap
from sqlalchemy import Connection

from segctl.base.digest import keyed_digest
from segctl.deliver.message import About
from segctl.deliver.target import Target, Unusable, target
from segctl.model.segment import BodyForm
from segctl.plan.private import restored
from segctl.store import definitions, membership
from segctl.store.definitions import Deployed
from segctl.store.state import head
from segctl.workflow.context import Context
from segctl.workflow.deployed import kept_values

_FORMS: dict[str, BodyForm] = {"plain": "plain", "full": "full"}


@dataclass(frozen=True, slots=True)
class Hook:
    """The webhook of one segment, as last deployed. `url` is None if it was erased; `mark` is its digest."""

    about: About
    purpose: str
    url: str | None = field(repr=False)
    secrets: tuple[str, ...]
    body: BodyForm
    batch: int | None
    mark: str

    @property
    def where(self) -> str:
        """What people are told: its host, or its variable."""
        return _host(self.url) if self.url is not None else "an erased address"


def hooks(connection: Connection) -> dict[int, Hook]:
    """Those that moves are told to, by object: of archived segments too, as long as their last moves wait."""
    known = {one.object_id: one for one in definitions.deployed(connection, archived=True).values() if one.notify}
    secret = head(connection).secret
    found = {}
    for object_id, body in definitions.bodies(connection, known).items():
        definition = json.loads(body)
        if "webhook" in definition:
            part = {"webhook": definition["webhook"]}
            whole = restored(part, kept_values(connection, part))["webhook"]
            found[object_id] = _hook(known[object_id], definition, whole, secret)
    return found


def target_of(context: Context, hook: Hook) -> Target | Unusable:
    """Where a webhook goes here and now."""
    if hook.url is None:
        return Unusable("its address was erased")
    return target(hook.url, hook.secrets, context.variables, context.webhooks.private_hosts)


def passing(connection: Connection, purpose: str) -> BitMap | None:
    """Who passes the guard of a purpose; None if it has none. Where nothing is known of a guard, nobody does."""
    guard = definitions.deployed(connection).get(f"guard.{purpose}")
    if guard is None:
        return None
    held = membership.load(connection, [guard.object_id])
    return held[guard.object_id].members if guard.object_id in held else BitMap()


def _hook(one: Deployed, definition: Mapping[str, Any], whole: Mapping[str, Any], secret: bytes) -> Hook:
    url, signs = whole["url"], whole.get("secret", [])
    return Hook(
        about=About(one.object_id, one.name, one.title),
        purpose=str(definition.get("purpose", "marketing")),
        url=url if isinstance(url, str) else None,
        secrets=(signs,) if isinstance(signs, str) else tuple(signs),
        body=_FORMS.get(whole.get("body", "plain"), "plain"),
        batch=whole.get("batch"),
        mark=keyed_digest(secret, url),
    )


def _host(url: str) -> str:
    return url if url.startswith("${") else url.partition("//")[2].partition("/")[0].partition("?")[0]
