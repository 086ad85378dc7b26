"""Routes of the account: templates, credentials, tokens, usage."""
