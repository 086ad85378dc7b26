"""The status document of an assembly."""
