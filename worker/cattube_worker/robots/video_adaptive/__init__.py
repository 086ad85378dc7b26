"""/video/adaptive: renditions cut into segments, and their playlists."""
