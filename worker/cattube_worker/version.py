"""Version of CatTube; pyproject.toml and the site have the same one, which a test checks."""

VERSION = "0.2.0"
