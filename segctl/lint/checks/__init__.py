"""One check a file: what is valid and probably not meant → diagnostics."""
