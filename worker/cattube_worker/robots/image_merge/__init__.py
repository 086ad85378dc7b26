"""/image/merge: several images on one sheet."""
