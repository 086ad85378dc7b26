"""Inspecting files: format, streams, metadata."""
