"""Jobs of assemblies: their parts, their order, and those that run again."""
