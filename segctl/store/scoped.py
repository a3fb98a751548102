"""On PostgreSQL, row-level security: a role that is held to a scope reads the members of segments within it alone.

It is keyed on membership in roles that stand for a value of an attribute: `segctl:brand=aurora`. Who has none of
them sees every row, the owner and writers among them. Who has some sees a segment whose own scope names each
attribute that they stand for, and no value that they do not stand for. A guard has no scope: who passes it is for
nobody held to one.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import Connection

from segctl.store.postgres import SCHEMA

PREFIX: Final = "segctl:"
# where players stand by object
TABLES: Final = ("membership", "change", "outbox", "letter")
_SCOPED: Final = f"""
CREATE OR REPLACE FUNCTION {SCHEMA}.is_scoped(by_role name) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT EXISTS (
    SELECT 1 FROM pg_roles r WHERE starts_with(r.rolname, '{PREFIX}') AND pg_has_role(by_role, r.oid, 'USAGE'))
$$
"""
_SEES: Final = f"""
CREATE OR REPLACE FUNCTION {SCHEMA}.sees(of_object bigint, by_role name) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  WITH held AS (
    SELECT substr(r.rolname, {len(PREFIX) + 1}) AS pair FROM pg_roles r
    WHERE starts_with(r.rolname, '{PREFIX}') AND pg_has_role(by_role, r.oid, 'USAGE')
  ), stated AS (
    SELECT v.body::jsonb -> 'scope' AS scope FROM {SCHEMA}.version v
    WHERE v.object_id = of_object AND v.body IS NOT NULL ORDER BY v.version DESC LIMIT 1
  ), attributes AS (
    SELECT DISTINCT split_part(h.pair, '=', 1) AS attribute FROM held h
  ), named AS (
    SELECT a.attribute, CASE
      WHEN jsonb_exists(s.scope -> a.attribute, 'eq') THEN jsonb_build_array(s.scope -> a.attribute -> 'eq')
      WHEN jsonb_exists(s.scope -> a.attribute, 'in') THEN s.scope -> a.attribute -> 'in'
    END AS listed FROM attributes a LEFT JOIN stated s ON true
  )
  SELECT NOT EXISTS (
    SELECT 1 FROM named n WHERE n.listed IS NULL OR EXISTS (
      SELECT 1 FROM jsonb_array_elements_text(n.listed) e(one)
      WHERE n.attribute || '=' || e.one NOT IN (SELECT h.pair FROM held h)))
$$
"""


def is_held(connection: Connection) -> bool:
    """Is this role held to a scope, so that some rows may be hidden from it? A superuser has all, and is not.

    On SQLite who reads the file reads all of it.
    """
    if connection.dialect.name != "postgresql":
        return False
    asked = (
        f"SELECT NOT (rolsuper OR rolbypassrls) AND {SCHEMA}.is_scoped(current_user) "
        "FROM pg_catalog.pg_roles WHERE rolname = current_user"
    )
    return bool(connection.exec_driver_sql(asked).scalar_one())


def readable(connection: Connection, object_id: int) -> bool:
    """May this role read who is in an object?"""
    asked = f"SELECT {SCHEMA}.sees(%s, current_user)"
    return not is_held(connection) or bool(connection.exec_driver_sql(asked, (object_id,)).scalar_one())


def secure(connection: Connection) -> None:
    """Makes functions and policies anew. FORCE: they hold for the owner of the tables too."""
    connection.exec_driver_sql(_SCOPED)
    connection.exec_driver_sql(_SEES)
    for table in TABLES:
        where = f"(SELECT NOT {SCHEMA}.is_scoped(current_user)) OR {SCHEMA}.sees(object_id, current_user)"
        connection.exec_driver_sql(f"ALTER TABLE {SCHEMA}.{table} ENABLE ROW LEVEL SECURITY")
        connection.exec_driver_sql(f"ALTER TABLE {SCHEMA}.{table} FORCE ROW LEVEL SECURITY")
        connection.exec_driver_sql(f"DROP POLICY IF EXISTS scoped ON {SCHEMA}.{table}")
        connection.exec_driver_sql(
            f"CREATE POLICY scoped ON {SCHEMA}.{table} USING ({where}) WITH CHECK ({where})"
        )
