"""The walks, one module each: what a verb does, without a terminal. Also the Python API."""
