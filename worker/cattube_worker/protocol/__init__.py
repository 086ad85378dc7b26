"""Transloadit's protocol as pure functions: text in, values out, no Flask, no database."""
