"""Uploads as their bytes come."""
