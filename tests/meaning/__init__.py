"""language.md as a table of cases, asked of the oracle and of every engine."""
