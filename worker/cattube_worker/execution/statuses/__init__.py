"""What becomes of assemblies, for those who ask."""
