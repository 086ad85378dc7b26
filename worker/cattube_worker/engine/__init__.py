"""The wiring of the engine, by subject."""
