"""How fast segctl is, and against what: `uv run python -m benchmarks`. See README.md."""
