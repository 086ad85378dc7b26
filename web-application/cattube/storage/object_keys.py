"""Names of objects in the bucket: `<step>/<assembly id>/<file name>`. Pure."""

from urllib.parse import unquote, urlsplit

MAX_KEY_BYTES = 1024
COMPONENTS = 3


def is_safe(object_key: str) -> bool:
    """Whether the key is three plain names, so that no folder but its own can be meant."""
    names = object_key.split("/")
    return (
        len(names) == COMPONENTS
        and all(name not in ("", ".", "..") and name.isprintable() and "\\" not in name for name in names)
        and len(object_key.encode(errors="surrogatepass")) <= MAX_KEY_BYTES
    )


def key_in_url(url: str, *, step: str, assembly_id: str) -> str | None:
    """The object key that a result's URL ends with, whatever bucket or host stands before it.

    None when the URL names no object of this step and Assembly.
    """
    try:
        path = unquote(urlsplit(url).path, errors="strict")
    except ValueError:
        return None
    folder = f"/{step}/{assembly_id}/"
    start = path.rfind(folder)
    key = path[start + 1 :]
    return key if start >= 0 and is_safe(key) else None
