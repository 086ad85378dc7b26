"""Routes by which bytes arrive."""
