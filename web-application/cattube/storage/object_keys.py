"""Names of objects in the bucket: `<step>/<assembly id>/<file name>`, or deeper for sets of files. Pure."""

from urllib.parse import unquote, urlsplit

MAX_KEY_BYTES = 1024
FEWEST_NAMES, MOST_NAMES = 3, 8


def is_safe(object_key: str) -> bool:
    """True when the key is a few plain names, so that it leads into no folder but its own."""
    names = object_key.split("/")
    return (
        FEWEST_NAMES <= len(names) <= MOST_NAMES
        and all(name not in ("", ".", "..") and name.isprintable() and "\\" not in name for name in names)
        and len(object_key.encode(errors="surrogatepass")) <= MAX_KEY_BYTES
    )


def folder_of(object_key: str) -> str:
    """Prefix `<step>/<assembly id>/` of all that one step of one Assembly has stored."""
    return "/".join(object_key.split("/")[:2]) + "/"


def is_folder(prefix: str) -> bool:
    """True when `prefix` is the `folder_of` a safe key."""
    return prefix.endswith("/") and prefix.count("/") == FEWEST_NAMES - 1 and is_safe(f"{prefix}any")


def key_in_url(url: str, *, step: str, assembly_id: str) -> str | None:
    """Object key at the end of a result's URL, whatever bucket or host stands before it.

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
