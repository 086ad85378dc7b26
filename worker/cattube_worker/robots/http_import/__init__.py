"""/http/import: files from addresses in the web."""
