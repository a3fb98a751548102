"""segctl webhooks list, failed; what changes something stands in a file of its own"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from segctl.cli.options import HERE, Chdir, Env, Json, NoColor
from segctl.cli.session import context_of, opened
from segctl.cli.tabular import Csv, Sort, Wide, print_table
from segctl.cli.webhooks_acts import disable, enable, replay, try_

if TYPE_CHECKING:
    from segctl.view.delivery import MessageRow, WebhookRow
    from segctl.workflow.webhooks import Listed, Undelivered

app = typer.Typer(
    help="List, disable, enable and try webhooks; replay what did not arrive.",
    rich_markup_mode=None,
    no_args_is_help=True,
)


@app.command("list", short_help="List all webhooks, and how each does.")
def list_(
    json: Json = False,
    csv: Csv = False,
    wide: Wide = False,
    sort: Sort = None,
    env: Env = None,
    no_color: NoColor = False,
    chdir: Chdir = HERE,
) -> int:
    """List all webhooks: where each goes, whether it is sent to, how many messages wait, are dead, arrived.

    A webhook is active, failing (tried again by itself), disabled by hand, gone (it answered 410), or given up
    after days without a success.

    \b
    Examples:
      segctl webhooks list
      segctl webhooks list --sort -waiting --json
    """
    from segctl.view.delivery import webhooks_table
    from segctl.workflow.webhooks import listed

    rows = map(_webhook, listed(context_of(opened(chdir), env)))
    return print_table(webhooks_table(rows), json=json, csv=csv, wide=wide, sort=sort, no_color=no_color)


@app.command("failed", short_help="List messages that were tried and did not arrive.")
def failed(
    name: Annotated[
        str | None, typer.Argument(metavar="NAME", help="Only of this segment.", show_default=False)
    ] = None,
    json: Json = False,
    csv: Csv = False,
    wide: Wide = False,
    env: Env = None,
    no_color: NoColor = False,
    chdir: Chdir = HERE,
) -> int:
    """List messages that were tried and did not arrive: how often, what came, when they are tried again.

    A dead message is not tried again by itself, and what is still to be said of the same player waits behind it.

    \b
    Examples:
      segctl webhooks failed
      segctl webhooks failed vip --json
    """
    from segctl.view.delivery import messages_table
    from segctl.workflow.webhooks import undelivered

    rows = map(_message, undelivered(context_of(opened(chdir), env), name))
    return print_table(messages_table(rows), json=json, csv=csv, wide=wide, no_color=no_color)


app.command("replay", short_help="Have dead messages tried again.")(replay)
app.command("disable", short_help="Send nothing to a webhook until it is enabled.")(disable)
app.command("enable", short_help="Send to a webhook again.")(enable)
app.command("test", short_help="Send one message that tells of nobody.")(try_)


def _webhook(one: Listed) -> WebhookRow:
    from segctl.view.delivery import WebhookRow

    end = one.endpoint
    return WebhookRow(
        name=one.name,
        where=one.where,
        standing=one.standing,
        waiting=one.waiting,
        dead=one.dead,
        delivered=end.delivered,
        dropped=end.dropped,
        last=end.outcome,
        tried_at=end.tried_at,
        next_at=None if end.disabled else end.next_at,
    )


def _message(one: Undelivered) -> MessageRow:
    from segctl.view.delivery import MessageRow

    kept = one.letter
    return MessageRow(
        segment=one.segment,
        id=one.id,
        run=kept.serial,
        attempts=kept.attempts,
        dead=kept.dead,
        last=kept.outcome,
        first_at=kept.first_at,
        tried_at=kept.tried_at,
        next_at=kept.next_at,
    )
