"""What must be true after every fault (docs/hazards.md, "Invariants"). Each check says what is not."""
