"""What a segment may have beside its rules: scope, include, exclude, limit, webhook, schedule. Plain data."""

from __future__ import annotations

from segctl.model.catalog import Catalog
from segctl.spec.editor.fields import field_schemas, fields
from segctl.spec.editor.parts import (
    Schema,
    about,
    by_shape,
    has,
    keys,
    of,
    one_of,
    one_or_more,
    ref,
    snippets,
    text,
)

_RANKED = ("integer", "number", "money", "date", "datetime")


def beside(catalog: Catalog) -> dict[str, Schema]:
    """What stands under each of these keys."""
    every = field_schemas(catalog)
    scope = {name: schema for name, schema in every.items() if name not in catalog.metrics}
    return {
        "scope": about(
            "Scope",
            "A guard of this segment alone: attributes, and the values that every member has.",
            **keys(scope, minProperties=1),
        ),
        "rules": of("rule", "object", "Rules", "A group of conditions, or one condition."),
        "include": {
            **about("Include", "Who is in whatever the rules say. Guards still hold."),
            **one_or_more(_entry()),
        },
        "exclude": {**about("Exclude", "Who is out whatever the rules say."), **one_or_more(_entry())},
        "limit": _limit(catalog),
        "webhook": about(
            "Webhook",
            "Where each change of a member is sent.",
            **keys(
                {
                    "url": text("URL", "An https address."),
                    "secret": about(
                        "Secret",
                        "Signs what is sent; taken from the environment. Two of them, new and old, sign both.",
                        **by_shape(
                            string=text("Secret", "A variable."), array=one_or_more(text("Secret", "A variable."))
                        ),
                        **snippets('"\\${HOOK_SECRET}"'),
                    ),
                    "body": one_of(
                        {
                            "plain": "Time, action, player, segment.",
                            "full": "Also the name, cause, run and sequence.",
                        },
                        "Body",
                        "What a message says.",
                    ),
                    "batch": about(
                        "Batch",
                        "Sends lists of up to this many messages in a request.",
                        type="integer",
                        minimum=1,
                        maximum=1000,
                    ),
                },
                "url",
            ),
        ),
        "schedule": of("duration", "string", "Schedule", "How stale its members may be."),
    }


def _entry() -> Schema:
    entry = keys(
        {
            "players": about("Players", "Player ids.", **one_or_more(ref("player_id"))),
            "segments": about("Segments", "All members of these segments.", **one_or_more(ref("name_of_segment"))),
            "reason": text("Reason", "Why; kept and shown."),
            "until": of("day", "string", "Until", "The last local day on which this holds."),
        }
    )
    needed = {"required": ["segments"], "errorMessage": "Write `players` or `segments`."}
    return {**entry, "if": has("players"), "else": needed}


def _limit(catalog: Catalog) -> Schema:
    ranked = [one for one in fields(catalog) if one.type in _RANKED]
    by = about("By", "The field that players are ranked by; who has no value comes last.", type="string")
    properties = {
        "top": about("Top", "How many players at most.", type="integer", minimum=1),
        "percent": about(
            "Percent",
            "How many players of a hundred, rounded down.",
            type="number",
            exclusiveMinimum=0,
            maximum=100,
        ),
        "by": {
            **by,
            "enum": [one.name for one in ranked],
            "enumDescriptions": [one.about.title for one in ranked],
        },
        "order": one_of(
            {"desc": "The highest first.", "asc": "The lowest first."},
            "Order",
            "Which end of the ranking is kept.",
        ),
        "during": ref("window"),
    }
    one = {"if": has("top"), "then": {"properties": {"percent": False}}}
    needed = {"else": {"required": ["percent"], "errorMessage": "Write `top` or `percent`."}}
    return about(
        "Limit",
        "Keeps the best of who is left, ranked again at each refresh.",
        **keys(properties, "by"),
        **one,
        **needed,
    )
