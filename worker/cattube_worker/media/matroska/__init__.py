"""The elements of Matroska and WebM files. Pure."""
