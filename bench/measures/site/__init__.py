"""Answers of site and engine to people and pages, and what the site costs while nobody asks."""
