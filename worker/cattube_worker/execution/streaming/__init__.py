"""Encoding an upload while it arrives. The output counts only once it fits the whole file."""
