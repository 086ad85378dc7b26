"""Signed Assembly options, with which a browser or script sends one video to the engine."""

from datetime import datetime, timedelta
from typing import Any

from django.utils.crypto import salted_hmac

from cattube.processing.transloadit.account import Account

# Until the Assembly is created; the upload may last longer. Pages ask for new options when a file's turn
# comes later than this.
OPTIONS_LIFETIME = timedelta(hours=1)
_OWNER_SALT = "cattube.processing.transloadit.owner"


def owner_name(user_id: int) -> str:
    """Name under which the engine counts what a user sends; it leads nobody to the account."""
    return salted_hmac(_OWNER_SALT, str(user_id), algorithm="sha256").hexdigest()[:32]


def video_fields(video_id: str, *, attempt: int, folder: str, owner: str) -> dict[str, Any]:
    """Fields of the params that say to which attempt at which video an Assembly belongs."""
    return {"video": video_id, "attempt": attempt, "folder": folder, "owner": owner}


def upload_options(
    account: Account,
    *,
    template_id: str,
    max_bytes: int,
    video_id: str,
    attempt: int,
    folder: str,
    owner: str,
    service: str,
    notify_url: str | None,
    now: datetime,
) -> dict[str, Any]:
    """`{"service", "params", "signature", "fields"}` as Transloadit's SDKs and Uppy take them.

    The video's id stands inside the signed text: a status is matched by it, and no uploader can change it.
    folder: what the template puts into the keys of all objects.
    The engine gives each `owner` a share of its places, takes the same video for a new attempt, and tells us
    early that the Assembly is there. To hosted Transloadit these are fields like any others.
    service: the engine's origin as the uploader reaches it. notify_url: None when the engine can't reach us.
    """
    params: dict[str, Any] = {
        "auth": account.auth(now, OPTIONS_LIFETIME, max_size=max_bytes, max_number_of_files=1),
        "template_id": template_id,
        "fields": video_fields(video_id, attempt=attempt, folder=folder, owner=owner),
    }
    if notify_url:
        params["notify_url"] = notify_url
        params["fields"]["notify_early"] = True
    return {"service": service, **account.signed(params), "fields": {}}
