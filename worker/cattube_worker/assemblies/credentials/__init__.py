"""Credentials for other services, stored by clients and encrypted at rest."""
