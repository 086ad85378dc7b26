"""/video/encode: a video encoded anew."""
