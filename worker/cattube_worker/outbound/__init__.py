"""HTTP requests to addresses that clients name: the only way out of the engine."""
