"""Assemblies done again, with the files they had."""
