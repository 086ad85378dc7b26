"""Icons, drawings and static files, and the template tags that put them into pages."""
