"""transcribe.py MODEL SOUND: faster-whisper as its documentation has it, with the second of each word."""

from __future__ import annotations

import sys

from faster_whisper import WhisperModel

model = WhisperModel(sys.argv[1], device="cpu", compute_type="int8")
segments, _ = model.transcribe(sys.argv[2], word_timestamps=True, vad_filter=True)
# Nothing is recognised before somebody asks for it.
if not [word for segment in segments for word in segment.words]:
    sys.exit("no word was heard")
