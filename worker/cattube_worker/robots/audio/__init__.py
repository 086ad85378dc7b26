"""Robots that make something of sound."""
