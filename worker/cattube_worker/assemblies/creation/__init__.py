"""What clients ask for when they create an assembly, and whether it is taken on."""
