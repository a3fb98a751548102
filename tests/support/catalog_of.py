"""What a database says a state is made of: columns, constraints, indexes, triggers, functions. One line each."""

from __future__ import annotations

from sqlalchemy import Engine

from segctl.store.engine import reading

_SQLITE = """
SELECT 'column ' || m.name || ' ' || c.cid || ' ' || c.name || ' ' || c.type || ' ' || c."notnull" || ' ' || c.pk
FROM sqlite_master m, pragma_table_info(m.name) c WHERE m.type = 'table'
UNION ALL
SELECT type || ' ' || tbl_name || ' ' || name || ' ' || coalesce(sql, '') FROM sqlite_master WHERE type <> 'table'
UNION ALL
SELECT 'reference ' || m.name || ' ' || f."from" || ' ' || f."table" || ' ' || f."to"
FROM sqlite_master m, pragma_foreign_key_list(m.name) f WHERE m.type = 'table'
"""
_POSTGRES = """
SELECT 'column ' || r.relname || ' ' || row_number() OVER (PARTITION BY r.oid ORDER BY a.attnum) || ' ' || a.attname
  || ' ' || format_type(a.atttypid, a.atttypmod) || ' ' || a.attnotnull || ' ' || a.attcollation::regcollation
  || ' ' || a.attstorage::text || ' ' || coalesce(a.attacl::text, '') || coalesce(pg_get_expr(d.adbin, d.adrelid), '')
FROM pg_attribute a JOIN pg_class r ON r.oid = a.attrelid AND r.relkind = 'r'
LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
WHERE r.relnamespace = 'segctl'::regnamespace AND a.attnum > 0 AND NOT a.attisdropped
UNION ALL
SELECT 'constraint ' || c.conrelid::regclass || ' ' || c.conname || ' ' || pg_get_constraintdef(c.oid)
FROM pg_constraint c WHERE c.connamespace = 'segctl'::regnamespace
UNION ALL
SELECT 'index ' || indexdef FROM pg_indexes WHERE schemaname = 'segctl'
UNION ALL
SELECT 'trigger ' || pg_get_triggerdef(t.oid) || ' ' || t.tgenabled::text FROM pg_trigger t
JOIN pg_class r ON r.oid = t.tgrelid WHERE r.relnamespace = 'segctl'::regnamespace AND NOT t.tgisinternal
UNION ALL
SELECT 'function ' || pg_get_functiondef(p.oid) || ' ' || coalesce(p.proacl::text, '') FROM pg_proc p
WHERE p.pronamespace = 'segctl'::regnamespace
"""


def catalog_of(engine: Engine) -> list[str]:
    """Everything but rows, in an order of its own."""
    with reading(engine) as connection:
        found = connection.exec_driver_sql(_SQLITE if engine.dialect.name == "sqlite" else _POSTGRES).scalars()
        return sorted(found)
