"""Inspecting still images: orientation, size, margins, placeholders."""
