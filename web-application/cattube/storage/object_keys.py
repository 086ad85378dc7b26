"""Names of objects in the bucket: `<step>/<folder>/<file name>`, or deeper for sets of files. Pure.

The folder is a random name, another for each attempt at a video. In older keys it is the id of the Assembly.
"""

import re
import secrets
from collections.abc import Iterable
from urllib.parse import unquote, urlsplit

MAX_KEY_BYTES = 1024
FEWEST_NAMES, MOST_NAMES = 3, 8
FOLDER = re.compile(r"[0-9a-f]{32}")


def new_folder() -> str:
    """New name of 128 random bits in hex. Viewers see it, and it leads to nothing else (D45)."""
    return secrets.token_hex(16)


def is_safe(object_key: str) -> bool:
    """True when the key is a few plain names, so that it leads into no folder but its own."""
    names = object_key.split("/")
    return (
        FEWEST_NAMES <= len(names) <= MOST_NAMES
        and all(name not in ("", ".", "..") and name.isprintable() and "\\" not in name for name in names)
        and len(object_key.encode(errors="surrogatepass")) <= MAX_KEY_BYTES
    )


def folder_of(object_key: str) -> str:
    """Prefix `<step>/<folder>/` of all that one step has stored for one attempt."""
    return "/".join(object_key.split("/")[:2]) + "/"


def name_of_folder(object_key: str) -> str:
    """Second name of the key, or of the `folder_of` one; empty when it has none."""
    return object_key.partition("/")[2].partition("/")[0]


def is_folder(prefix: str) -> bool:
    """True when `prefix` is the `folder_of` a safe key."""
    return prefix.endswith("/") and prefix.count("/") == FEWEST_NAMES - 1 and is_safe(f"{prefix}any")


def key_in_url(url: str, *, step: str, folders: Iterable[str]) -> str | None:
    """Object key at the end of a result's URL, whatever bucket or host stands before it.

    None when the URL names no object of this step in one of the folders.
    """
    try:
        path = unquote(urlsplit(url).path, errors="strict")
    except ValueError:
        return None
    starts = (path.rfind(f"/{step}/{folder}/") for folder in folders)
    keys = (path[start + 1 :] for start in starts if start >= 0)
    return next((key for key in keys if is_safe(key)), None)
