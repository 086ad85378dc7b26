"""What the owner of a video reads when it failed."""

from __future__ import annotations

from cattube.processing.lifecycle.error_messages import message_for


def test_f42_full_disk_is_told_to_the_owner_as_that() -> None:
    assert "no room left on the disk" in message_for("TRANSIENT_STORAGE_SERVICE_ERROR")
