"""Static files with hashed, compressed copies, that also work before `collectstatic` has run."""

from whitenoise.storage import CompressedManifestStaticFilesStorage

# Vite writes these with a hash in their names, under which they import each other.
BUILT = "assets/"


class StaticFiles(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """Names from the manifest where there is one, else the plain name."""

    manifest_strict = False

    def hashed_name(self, name: str, content: object = None, filename: str | None = None) -> str:
        if name.startswith(BUILT):
            # A second name would load a module twice: once as the page says, once as its neighbours do.
            return name
        try:
            return str(super().hashed_name(name, content, filename))
        except ValueError:  # the file was not collected: whitenoise serves it by the finders
            return name
