"""URLs of the engine that hold their own permission, for one path and for a while. Pure.

Source: Transloadit docs, "Signature Authentication" of the Smart CDN.
"""

import hashlib
import hmac
from urllib.parse import urlencode

from cattube.processing.transloadit.account import Account


def signed_path(path: str, *, account: Account, expires_ms: int) -> str:
    """Path with the permission of `account` to read it until `expires_ms`, since the epoch."""
    query = urlencode({"auth_key": account.key, "exp": expires_ms})
    text = f"{path.removeprefix('/')}?{query}"
    digest = hmac.new(account.secret.encode(), text.encode(), hashlib.sha256).hexdigest()
    return f"{path}?{query}&sig=sha256:{digest}"
