"""Subtitles: read here and written anew, so that ffmpeg reads no file of a stranger. Pure."""
