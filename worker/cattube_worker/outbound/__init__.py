"""HTTP requests to addresses that clients name."""
