"""Resumable uploads: the protocol tus 1.0, files on disk, one writer at a time. Knows no Flask."""
