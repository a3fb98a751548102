"""The JSON Schema that an editor reads: what may be written where, for one catalog. Plain data in and out."""
