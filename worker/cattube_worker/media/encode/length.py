"""The rule by which a file is damaged: what came of it is shorter than it says it is."""

from __future__ import annotations

from cattube_worker.media.errors import InvalidInput

_MISSING_SHARE = 0.1


def is_shorter(seconds: float, *, than: float, tolerance_seconds: float) -> bool:
    """True when so many seconds are fewer by more than the last frames, which may be measured in two ways."""
    return than - seconds > max(tolerance_seconds, than * _MISSING_SHARE)


def check_length(
    seconds: float, *, expected_seconds: float, tolerance_seconds: float, name: str, of_several: bool = False
) -> None:
    """Check that what came of `name` is as long as expected. of_several: it was made of files beside it too.

    Raises InvalidInput.
    """
    if not is_shorter(seconds, than=expected_seconds, tolerance_seconds=tolerance_seconds):
        return
    if of_several:
        raise InvalidInput(
            f'"{name}" or a file beside it is damaged: '
            f"only {seconds:.0f} of {expected_seconds:.0f} seconds could be made."
        )
    raise InvalidInput(
        f'"{name}" is damaged: only {seconds:.0f} of its {expected_seconds:.0f} seconds could be read.'
    )
