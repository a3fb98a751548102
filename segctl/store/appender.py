"""On PostgreSQL, the function that alone appends to the audit log: it sets number, time, previous hash and hash.

It runs as its owner, so a role that writes needs no right to the table. What it hashes is byte for byte what
`seal` hashes: keys in order, and texts as JSON spells them.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import Connection, text

from segctl.store.postgres import SCHEMA

NAME: Final = f"{SCHEMA}.append_audit(bigint, text, text, text, text[], text[], text[], text[], text[])"
_FUNCTION: Final = f"""
CREATE OR REPLACE FUNCTION {SCHEMA}.append_audit(
  of_serial bigint, of_plan text, of_commit text, of_actor text,
  actions text[], addresses text[], befores text[], afters text[], details text[],
  OUT first bigint, OUT last bigint, OUT end_hash text
) LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  told_at CONSTANT text := to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"');
  before_it text;
BEGIN
  SELECT s.audit_seq, s.audit_hash INTO STRICT last, end_hash FROM {SCHEMA}.state s WHERE s.id = 1 FOR UPDATE;
  first := last + 1;
  FOR i IN 1 .. cardinality(actions) LOOP
    last := last + 1;
    before_it := end_hash;
    end_hash := encode(sha256(convert_to(concat(
      '{{"action":', to_json(actions[i]),
      ',"actor":', to_json(of_actor),
      ',"address":', coalesce(to_json(addresses[i])::text, 'null'),
      ',"after":', coalesce(to_json(afters[i])::text, 'null'),
      ',"at":', to_json(told_at),
      ',"before":', coalesce(to_json(befores[i])::text, 'null'),
      ',"commit_id":', coalesce(to_json(of_commit)::text, 'null'),
      ',"detail":', to_json(details[i]),
      ',"plan_id":', coalesce(to_json(of_plan)::text, 'null'),
      ',"previous":', to_json(before_it),
      ',"seq":', last,
      ',"serial":', of_serial,
      '}}'
    ), 'UTF8')), 'hex');
    INSERT INTO {SCHEMA}.audit
      (seq, at, serial, action, address, actor, before, after, plan_id, commit_id, detail, previous, hash)
    VALUES (last, told_at, of_serial, actions[i], addresses[i], of_actor, befores[i], afters[i],
      of_plan, of_commit, details[i], before_it, end_hash);
  END LOOP;
  UPDATE {SCHEMA}.state s SET audit_seq = last, audit_hash = end_hash WHERE s.id = 1;
END
$$
"""
APPEND: Final = text(
    f"SELECT first, last, end_hash FROM {SCHEMA}.append_audit("
    "CAST(:serial AS bigint), :plan_id, :commit_id, :actor,"
    " CAST(:actions AS text[]), CAST(:addresses AS text[]), CAST(:befores AS text[]), CAST(:afters AS text[]),"
    " CAST(:details AS text[]))"
)


def make_appender(connection: Connection) -> None:
    """Makes the function anew. Nobody but its owner may call it until somebody is granted to."""
    connection.exec_driver_sql(_FUNCTION)
    connection.exec_driver_sql(f"REVOKE ALL ON FUNCTION {NAME} FROM PUBLIC")
