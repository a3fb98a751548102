"""The tables of the state, for any dialect. Definitions only: no connection, no rows.

Blobs stand last in their table, so that SQLite reads their pages only when somebody asks for them.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    UniqueConstraint,
    false,
)
from sqlalchemy import Text as AnyText

NUMBER = Integer().with_variant(BigInteger(), "postgresql")
# its order is code point order on any database, whatever the language of the server
Text = AnyText().with_variant(AnyText(collation="C"), "postgresql")

METADATA = MetaData()

STATE = Table(
    "state",
    METADATA,
    Column("id", NUMBER, CheckConstraint("id = 1"), primary_key=True, autoincrement=False),
    Column("format", NUMBER, nullable=False),
    Column("lineage", Text, nullable=False),
    Column("serial", NUMBER, nullable=False),
    Column("audit_seq", NUMBER, nullable=False),
    Column("audit_hash", Text, nullable=False),
    Column("created_at", Text, nullable=False),
    Column("secret", LargeBinary, nullable=False),
)

OBJECT = Table(
    "object",
    METADATA,
    Column("id", NUMBER, primary_key=True, autoincrement=False),
    Column("kind", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("version", NUMBER, nullable=False),
    Column("digest", Text, nullable=False),
    Column("type", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("tags", Text, nullable=False),
    Column("owner", Text, nullable=False),
    Column("uses", Text, nullable=False),
    Column("protected", Boolean, nullable=False),
    Column("created_at", Text, nullable=False),
    Column("created_by", Text, nullable=False),
    Column("updated_at", Text, nullable=False),
    Column("updated_by", Text, nullable=False),
    Column("serial", NUMBER, nullable=False),
    # format 5: does somebody hear of each change of its members?
    Column("notify", Boolean, nullable=False, server_default=false()),
    UniqueConstraint("kind", "name"),
)

VERSION = Table(
    "version",
    METADATA,
    Column("object_id", NUMBER, ForeignKey("object.id"), primary_key=True, autoincrement=False),
    Column("version", NUMBER, primary_key=True, autoincrement=False),
    Column("address", Text, nullable=False),
    Column("digest", Text, nullable=False),
    Column("action", Text, nullable=False),
    Column("serial", NUMBER, nullable=False),
    Column("at", Text, nullable=False),
    Column("plan_id", Text),
    Column("commit_id", Text),
    Column("author", Text, nullable=False),
    Column("body", Text),
)

PRIVATE = Table(
    "private",
    METADATA,
    Column("digest", Text, primary_key=True),
    Column("content", LargeBinary, nullable=False),
)

PLAYER_CHUNK = Table(
    "player_chunk",
    METADATA,
    Column("first", NUMBER, primary_key=True, autoincrement=False),
    Column("count", NUMBER, nullable=False),
    # bytes, not text: their order is code point order under every collation
    Column("low", LargeBinary, nullable=False),
    Column("high", LargeBinary, nullable=False),
    Column("ids", LargeBinary, nullable=False),
)

MEMBERSHIP = Table(
    "membership",
    METADATA,
    Column("object_id", NUMBER, ForeignKey("object.id"), primary_key=True, autoincrement=False),
    Column("serial", NUMBER, nullable=False),
    Column("as_of", Text, nullable=False),
    Column("count", NUMBER, nullable=False),
    Column("members", LargeBinary, nullable=False),
    Column("listed", LargeBinary),
    # format 2: when each member of a triggered segment entered
    Column("since", LargeBinary),
)

CHANGE = Table(
    "change",
    METADATA,
    Column("serial", NUMBER, primary_key=True, autoincrement=False),
    Column("object_id", NUMBER, ForeignKey("object.id"), primary_key=True, autoincrement=False),
    Column("cause", Text, primary_key=True),
    Column("direction", Text, primary_key=True),
    Column("at", Text, nullable=False),
    Column("count", NUMBER, nullable=False),
    Column("players", LargeBinary, nullable=False),
    Index("change_by_object", "object_id", "serial"),
)

# format 5: what moved in segments with a webhook and was not sent yet, written with the change itself
OUTBOX = Table(
    "outbox",
    METADATA,
    Column("serial", NUMBER, primary_key=True, autoincrement=False),
    Column("object_id", NUMBER, ForeignKey("object.id"), primary_key=True, autoincrement=False),
    Column("cause", Text, primary_key=True),
    Column("direction", Text, primary_key=True),
    Column("at", Text, nullable=False),
    Column("players", LargeBinary, nullable=False),
)

# format 6: for each segment that has or had a webhook, how sending goes, and who does it at the moment
ENDPOINT = Table(
    "endpoint",
    METADATA,
    Column("object_id", NUMBER, ForeignKey("object.id"), primary_key=True, autoincrement=False),
    # since when and why nothing is sent (hand, gone, failing); NULL while it is
    Column("disabled", Text),
    Column("disabled_at", Text),
    # the keyed digest of the address that was last sent to
    Column("address", Text),
    # how often in a row sending failed, since when, and when it is tried again
    Column("failures", NUMBER, nullable=False),
    Column("failing_since", Text),
    Column("next_at", Text),
    Column("tried_at", Text),
    Column("outcome", Text),
    Column("delivered", NUMBER, nullable=False),
    Column("dropped", NUMBER, nullable=False),
    # a worker died: messages of runs up to this one may have been sent although nothing says so
    Column("unsure", NUMBER, nullable=False),
    Column("worker", Text),
    Column("leased_until", Text),
)

# format 6: messages that were tried and did not arrive; their players wait in the outbox as well
LETTER = Table(
    "letter",
    METADATA,
    Column("object_id", NUMBER, ForeignKey("object.id"), primary_key=True, autoincrement=False),
    Column("serial", NUMBER, primary_key=True, autoincrement=False),
    Column("number", NUMBER, primary_key=True, autoincrement=False),
    Column("attempts", NUMBER, nullable=False),
    Column("first_at", Text, nullable=False),
    Column("tried_at", Text, nullable=False),
    Column("next_at", Text, nullable=False),
    Column("outcome", Text, nullable=False),
    Column("dead", Boolean, nullable=False),
)

# format 8: for each of a worker's duties, how it goes, and which worker has it at the moment
DUTY = Table(
    "duty",
    METADATA,
    Column("name", Text, primary_key=True),
    Column("worker", Text),
    Column("leased_until", Text),
    # when a worker last looked whether there is something to do
    Column("seen_at", Text),
    # the last time that it was done, how long that took, and the last time that nothing was left out of it
    Column("done_at", Text),
    Column("milliseconds", NUMBER, nullable=False),
    Column("full_at", Text),
    # the state that the last success left or told of
    Column("serial", NUMBER),
    # how often in a row it failed, since when, why the last time, and when it is tried again
    Column("failures", NUMBER, nullable=False),
    Column("failing_since", Text),
    Column("outcome", Text),
    Column("next_at", Text),
)

# format 9: the history by player. A page has the moves of 4,096 players up to a run; number -1 has those of a run
LEDGER = Table(
    "ledger",
    METADATA,
    Column("page", NUMBER, primary_key=True, autoincrement=False),
    Column("last", NUMBER, primary_key=True, autoincrement=False),
    Column("count", NUMBER, nullable=False),
    Column("moves", LargeBinary, nullable=False),
)

# everyone whom a run moved, whatever the segment; since format 9 only of runs that move too many for the ledger
TOUCHED = Table(
    "touched",
    METADATA,
    Column("serial", NUMBER, primary_key=True, autoincrement=False),
    Column("players", LargeBinary, nullable=False),
)

# format 4: who was forgotten, by keyed digest, and what must outlive them
FORGOTTEN = Table(
    "forgotten",
    METADATA,
    Column("player", Text, primary_key=True),
    # the new one, once the player has come back
    Column("number", NUMBER),
    Column("serial", NUMBER, nullable=False),
    Column("at", Text, nullable=False),
    Column("holds", Text, nullable=False),
    Column("lists", Text, nullable=False),
)

RUN = Table(
    "run",
    METADATA,
    Column("serial", NUMBER, primary_key=True, autoincrement=False),
    Column("kind", Text, nullable=False),
    Column("as_of", Text, nullable=False),
    Column("at", Text, nullable=False),
    Column("plan_id", Text, unique=True),
    Column("commit_id", Text),
    Column("author", Text, nullable=False),
    Column("joined", NUMBER, nullable=False),
    Column("left", NUMBER, nullable=False),
    Column("detail", Text, nullable=False),
)

# format 10: how long each object took in a run, as bytes (timing.py)
TIMING = Table(
    "timing",
    METADATA,
    Column("serial", NUMBER, ForeignKey("run.serial"), primary_key=True, autoincrement=False),
    Column("spent", LargeBinary, nullable=False),
)

AUDIT = Table(
    "audit",
    METADATA,
    Column("seq", NUMBER, primary_key=True, autoincrement=False),
    Column("at", Text, nullable=False),
    Column("serial", NUMBER, nullable=False),
    Column("action", Text, nullable=False),
    Column("address", Text, index=True),
    Column("actor", Text, nullable=False),
    Column("before", Text),
    Column("after", Text),
    Column("plan_id", Text),
    Column("commit_id", Text),
    Column("detail", Text, nullable=False),
    Column("previous", Text, nullable=False),
    Column("hash", Text, nullable=False),
)
