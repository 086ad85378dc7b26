"""The `params` of requests: who signed them, and what they ask for."""
