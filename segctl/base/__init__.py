"""What every room may use: spans, diagnostics, refusals, digests. Knows nothing of segments."""
