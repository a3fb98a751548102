"""The catalog held against the real warehouse: one check a file, all mistakes at once, each at its line."""
