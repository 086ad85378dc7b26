"""Bytes that come in and go to a bucket: how fast, and with how much memory."""
