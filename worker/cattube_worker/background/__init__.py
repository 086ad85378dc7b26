"""The work that the engine does by itself: threads beside those that answer requests."""
