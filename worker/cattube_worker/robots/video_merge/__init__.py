"""/video/merge: images, sound and videos brought together."""
