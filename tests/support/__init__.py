"""Random worlds for differential tests, and the warehouse they are written to."""
