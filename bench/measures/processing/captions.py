"""Captions of a minute of speech by the small model, and what they cost a video that is made meanwhile.

The first row is from the last byte to the captions, beside a bare faster-whisper that reads the same sound.
The second is a video from its first byte to its first publication, while captions of a longer talk are under
way, beside the same video alone.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

import httpx
from e2e.engine import Engine
from servers.speech import MODEL, speak

from bench.commands import YARDSTICKS, timed
from bench.folders import work_folder
from bench.row import Row, row_beside
from bench.servers import running_engine
from bench.videos.assemblies import run_assembly
from bench.videos.publication import UNDER_WAY, cancel, publish
from bench.videos.sending import send
from bench.videos.sources import busy_source

ROUNDS, VIDEO_ROUNDS = 3, 5
MOST_SECONDS, SLOWDOWN = 20.0, 1.1
TALK_SECONDS, LOOPS = 60, 20
# Further on, words are heard.
DECODED_PERCENT, POLL_SECONDS = 5, 0.1
TEMPLATE = {"steps": {"captions": {"robot": "/speech/transcribe", "use": ":original", "format": "webvtt"}}}
# A minute of it. What says the same again and again is heard several times over, at several temperatures.
TEXT = (
    "The cat sleeps on the sofa all morning. At noon she wakes up and looks out of the window. "
    "A bird sits in the old apple tree and sings. Down in the street two children carry a ladder to the "
    "bakery, because its sign has fallen off again. Rain is expected later, although the sky is blue. "
    "My neighbour paints boats for a living. Last winter he showed me how to mix a green that does not fade. "
    "You need more yellow than anybody would believe, and a spoon of linseed oil. "
    "In the evening we walk along the river to the bridge. Lights of the harbour are reflected in the water. "
    "Somebody plays the piano behind an open door, slowly, as if every note had to be found first. "
    "Nobody hurries home. Tomorrow the train to London leaves at seven, and I have packed nothing yet. "
    "So I count what is missing: a toothbrush, three letters, the ticket, and a reason to leave at all. "
    "Then the cat jumps onto the suitcase, turns around twice, and goes back to sleep."
)


def measure() -> list[Row]:
    ours, bare, alone, beside = list[float](), list[float](), list[float](), list[float]()
    with work_folder() as folder:
        talk, long_talk = _talks(folder)
        video = busy_source(folder)
        with running_engine(folder / "data", CAPTIONS_MODEL=str(MODEL)) as engine:
            for _ in range(ROUNDS):
                ours.append(_seconds_after_last_byte(engine, talk))
                bare.append(timed(sys.executable, YARDSTICKS / "transcribe.py", MODEL, talk).seconds)
            for _ in range(VIDEO_ROUNDS):
                alone.append(_publication_seconds(engine, video))
                captions = _begun_captions(engine, long_talk)
                beside.append(_publication_seconds(engine, video, beside=captions))
    return [
        Row(
            name="last byte to captions: a minute of speech",
            ours=statistics.median(ours),
            reference=statistics.median(bare),
            unit="s",
            limit=MOST_SECONDS,
            bar=f"{MOST_SECONDS:g} s; beside a bare faster-whisper",
        ),
        row_beside(
            "file to published, while captions are made",
            statistics.median(beside),
            statistics.median(alone),
            factor=SLOWDOWN,
            beside="the same alone",
        ),
    ]


def _talks(folder: Path) -> tuple[Path, Path]:
    """A minute of speech, and as much as takes longer than a video."""
    voice = speak(TEXT, folder / "voice.wav")
    talk, long_talk = folder / "talk.wav", folder / "long-talk.wav"
    for target, seconds in ((talk, TALK_SECONDS), (long_talk, TALK_SECONDS * LOOPS)):
        looped = ("-stream_loop", "-1", "-i", str(voice), "-t", str(seconds))
        timed("ffmpeg", "-nostdin", "-v", "error", "-y", *looped, "-c", "copy", target)
    return talk, long_talk


def _seconds_after_last_byte(engine: Engine, talk: Path) -> float:
    last_byte = run_assembly(engine, TEMPLATE, talk)
    return time.perf_counter() - last_byte


def _publication_seconds(engine: Engine, video: Path, *, beside: Mapping[str, Any] | None = None) -> float:
    """Seconds to the first publication. beside: the status of an Assembly that is under way meanwhile."""
    done = publish(engine, video, partial(send, body=video))
    cancel(engine, done.status, *([beside] if beside else []))
    return done.stored - done.first_byte


def _begun_captions(engine: Engine, talk: Path) -> Mapping[str, Any]:
    """The status of an Assembly whose first words were heard, and whose last ones are far away."""
    status = engine.create_assembly(TEMPLATE, expected_files=1)
    engine.send(engine.create_upload(status, talk.name, talk.stat().st_size), talk)
    while (now := httpx.get(status["assembly_url"]).json()).get("progress_combined", 0) <= DECODED_PERCENT:
        if now.get("ok") not in UNDER_WAY:
            raise RuntimeError(f"the captions ended with {now.get('error') or now['ok']}")
        time.sleep(POLL_SECONDS)
    return status
