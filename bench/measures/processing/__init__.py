"""Videos made of uploads: how soon they can be watched, how good they are, and what they cost."""
