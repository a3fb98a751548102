"""The demo warehouse: invented players and their events. Knows nothing of segments."""
