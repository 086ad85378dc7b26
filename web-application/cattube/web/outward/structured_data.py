"""What search engines read of a public video: schema.org's VideoObject as JSON-LD. Pure."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.safestring import SafeString, mark_safe

# What could end the element, or begin a comment in it. What is no ASCII is escaped by `json` itself.
_ESCAPED = {ord(character): f"\\u{ord(character):04x}" for character in "<>&"}


def video_object(
    *,
    title: str,
    description: str,
    address: str,
    player: str,
    poster: str,
    author: str,
    uploaded_at: datetime,
    duration_seconds: float | None,
    views: int,
) -> dict[str, Any]:
    """Document of a video. address, player, poster: with their origin."""
    document = {
        "@context": "https://schema.org",
        "@type": "VideoObject",
        "name": title,
        "description": description,
        "url": address,
        "embedUrl": player,
        "thumbnailUrl": [poster],
        "uploadDate": uploaded_at.isoformat(),
        "author": {"@type": "Person", "name": author},
        "interactionStatistic": {
            "@type": "InteractionCounter",
            "interactionType": {"@type": "WatchAction"},
            "userInteractionCount": views,
        },
    }
    return document | ({"duration": f"PT{duration_seconds:.0f}S"} if duration_seconds else {})


def data_element(document: Mapping[str, Any]) -> SafeString:
    """The document as an element of a page. It is data: no browser runs it, and no policy forbids it.

    Source: HTML, "Prepare the script element": what is no script ends there, before the policy is asked.
    """
    text = json.dumps(document).translate(_ESCAPED)
    return mark_safe(f'<script type="application/ld+json">{text}</script>')  # noqa: S308 escaped above
