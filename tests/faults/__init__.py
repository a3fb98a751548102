"""Kills, full disks and cut connections: whatever happens, a state is whole, and the same command ends the work."""
