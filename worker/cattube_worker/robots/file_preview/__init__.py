"""/file/preview: a small picture of any file."""
