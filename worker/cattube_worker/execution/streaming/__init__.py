"""Encoding an upload while it arrives. What comes of it counts only once the whole file proves it right."""
