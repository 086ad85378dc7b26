"""The "ffmpeg" object of a step: what it may say, and what that means. Pure."""
