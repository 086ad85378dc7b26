"""Transloadit's protocol as pure functions: text in, values out, without Flask or the database."""
