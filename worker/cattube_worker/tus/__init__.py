"""Resumable uploads: the rules of tus 1.0, the file on disk, one writer at a time. Knows no Flask."""
