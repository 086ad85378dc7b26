"""Videos to measure with: how they are made, sent and published, and how good they look."""
