"""Running ffmpeg: sandboxed, limited, watched, and killed whole."""
