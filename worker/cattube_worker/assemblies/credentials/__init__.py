"""Credentials for other services that clients store, encrypted at rest."""
