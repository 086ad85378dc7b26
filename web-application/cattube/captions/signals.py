"""Signals that other parts of the site listen to."""

from django.dispatch import Signal

# Sent in the transaction that changes a transcript, with `track`, its CaptionTrack, and `cues`: a list of
# TimedText with plain texts, in order; empty when the track is deleted.
transcript_changed = Signal()
