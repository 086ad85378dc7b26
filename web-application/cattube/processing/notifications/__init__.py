"""What engines report, by POST or by a queue: checked and applied in the same way."""
