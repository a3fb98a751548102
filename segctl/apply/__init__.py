"""A plan made real, a refresh made real: one transaction each. Computes nothing new."""
