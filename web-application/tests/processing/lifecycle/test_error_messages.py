"""What the owner of a video reads when it failed."""

from __future__ import annotations

from cattube.processing.lifecycle.error_messages import BROKEN, UNREADABLE, message_for

TOO_LONG = '"five-hours.mp4" is 5 hours long; 4 hours are allowed.'


def test_f42_full_disk_is_told_to_the_owner_as_that() -> None:
    assert "no room left on the disk" in message_for("TRANSIENT_STORAGE_SERVICE_ERROR")


def test_refusal_is_told_in_the_engines_words_with_its_numbers() -> None:
    assert message_for("INVALID_INPUT_ERROR", TOO_LONG) == TOO_LONG


def test_refusal_without_words_is_told_all_the_same() -> None:
    assert message_for("INVALID_INPUT_ERROR") == UNREADABLE


def test_words_about_our_own_machine_stay_inside() -> None:
    assert message_for("INTERNAL_COMMAND_ERROR", "ffmpeg ended with 187") == BROKEN


def test_file_is_called_fine_only_when_it_was() -> None:
    assert "was fine" not in message_for("INTERNAL_COMMAND_ERROR")
