"""Hosts that work on one database: their rows, and what waits for them."""
