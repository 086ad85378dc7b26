"""Checks of all that the site depends on, each with a sentence and what to do when it fails."""
