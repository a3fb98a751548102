"""Meaning as plain data: rules, catalog, segments, and the oracle. No YAML, no SQL, no clock."""
