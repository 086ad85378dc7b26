"""Running one node of a plan, by the kind of its robots."""
