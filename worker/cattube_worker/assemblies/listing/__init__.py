"""Lists: that of assemblies, and the conditions that it shares with those of templates and credentials."""
