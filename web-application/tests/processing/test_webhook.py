"""The webhook of an attempt can be neither guessed nor changed."""

from __future__ import annotations

import pytest

from cattube.processing.webhook import BadWebhook, read_webhook, webhook_url


class TestWebhook:
    def test_address_says_what_was_signed(self) -> None:
        url = webhook_url("https://tube.example.org", video_id="m3Zt8_aQp1s", attempt=3)

        assert url.startswith("https://tube.example.org/notifications/videos/")
        assert read_webhook(url) == ("m3Zt8_aQp1s", 3)

    @pytest.mark.parametrize("changed", ["m3Zt8_aQp1t:3", "m3Zt8_aQp1s:4", "", "::"])
    def test_w02_changed_address_says_nothing(self, changed: str) -> None:
        url = webhook_url("https://tube.example.org", video_id="m3Zt8_aQp1s", attempt=3)

        with pytest.raises(BadWebhook):
            read_webhook(url.replace("m3Zt8_aQp1s:3", changed))
