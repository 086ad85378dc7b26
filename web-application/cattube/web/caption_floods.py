"""Limit on how often one account saves captions: all of their words go into the search each time."""

from collections.abc import Sequence

from django.contrib.auth.models import User

from cattube.captions.formats.timed_text import TimedText
from cattube.captions.tracks import characters_in
from cattube.community.flood import refuse_flood

# Of three hours there are 150,000.
LONG_CHARACTERS = 200_000


def refuse_caption_flood(user: User, cues: Sequence[TimedText]) -> None:
    """Count one more change to these cues. Raises TooFast."""
    refuse_flood(user, "long_captions" if characters_in(cues) > LONG_CHARACTERS else "captions")
