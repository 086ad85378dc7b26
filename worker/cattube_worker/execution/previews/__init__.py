"""Videos that can be watched while they are made."""
