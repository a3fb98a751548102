"""Figures for slides, by matplotlib: plain data in, the bytes of a file out. Needs the extra `charts`."""
