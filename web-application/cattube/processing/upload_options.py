"""What a browser or script needs to send one video to the engine, signed."""

import json
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from cattube.processing.signature import sign

# Long enough for a file that waits its turn behind others; each signature makes one Assembly only.
LIFETIME = timedelta(hours=12)


@dataclass(frozen=True)
class EngineAccount:
    """Whom we sign as, and what the engine shall do with a video."""

    key: str
    secret: str
    template_id: str
    max_bytes: int


def upload_options(
    account: EngineAccount, *, video_id: str, attempt: int, service: str, notify_url: str, now: datetime
) -> dict[str, Any]:
    """`{"service", "params", "signature", "fields"}` as Transloadit's SDKs and Uppy take them.

    The video's id stands inside the signed text: a report is matched by it, and no uploader can change it.
    service: the engine's origin as the uploader reaches it.
    """
    params = {
        "auth": {
            "key": account.key,
            "expires": (now + LIFETIME).strftime("%Y/%m/%d %H:%M:%S+00:00"),
            "nonce": secrets.token_hex(16),
            "max_size": account.max_bytes,
            "max_number_of_files": 1,
        },
        "template_id": account.template_id,
        "notify_url": notify_url,
        "fields": {"video": video_id, "attempt": attempt},
    }
    text = json.dumps(params, separators=(",", ":"))
    return {"service": service, "params": text, "signature": sign(text, secret=account.secret), "fields": {}}
