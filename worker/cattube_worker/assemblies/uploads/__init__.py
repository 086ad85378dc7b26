"""Uploads of an assembly, up to its files."""
