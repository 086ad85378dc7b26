"""Assemblies: reading instructions, planning them, running them."""
