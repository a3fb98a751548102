"""The command line: one file a verb. The only reader of clock, environment and terminal."""
