"""Tests, by room; `support/` holds what several rooms share."""
