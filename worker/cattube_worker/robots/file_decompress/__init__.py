"""/file/decompress: the files in an archive."""
