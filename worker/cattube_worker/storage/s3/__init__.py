"""Buckets of Backblaze B2, S3, and services that speak the same protocol."""
