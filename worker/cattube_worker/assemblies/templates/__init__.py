"""Templates that clients store, and their documents."""
