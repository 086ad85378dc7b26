"""Media: probing files and building and running ffmpeg commands. Knows no Flask and no database."""
