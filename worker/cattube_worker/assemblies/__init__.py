"""Assemblies: their rows, and the rules by which those change."""
