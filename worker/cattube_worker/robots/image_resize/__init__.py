"""/image/resize: an image in another size or format."""
