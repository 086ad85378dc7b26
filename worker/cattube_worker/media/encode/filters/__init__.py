"""Filters of ffmpeg: the graph from decoded frames to those that are encoded."""
