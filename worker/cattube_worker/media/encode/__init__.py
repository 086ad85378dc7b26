"""Encoding: what ffmpeg shall write, its filter graph and its arguments."""
