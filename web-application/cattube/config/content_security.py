"""The content security policy of all pages but those that `web/content_security.py` names.

The upload page adds the engine's origin, the embed page who may frame it.
"""

from collections.abc import Sequence
from typing import Any

from csp.constants import NONE, SELF


def policy(*, static: Sequence[str], videos: Sequence[str]) -> dict[str, Any]:
    """Setting of django-csp. static, videos: addresses in buckets; none where the site serves them itself."""
    return {
        "DIRECTIVES": {
            "default-src": [NONE],
            "script-src": [SELF, *static],
            "style-src": [SELF, *static],
            "font-src": [SELF, *static],
            "img-src": [SELF, "data:", "blob:", *static, *videos],
            "media-src": [SELF, "blob:", *videos],
            "connect-src": [SELF, *static, *videos],
            "manifest-src": [SELF, *static],
            "worker-src": [SELF, "blob:"],
            "form-action": [SELF],
            "frame-ancestors": [NONE],
            "base-uri": [NONE],
            "object-src": [NONE],
        }
    }
