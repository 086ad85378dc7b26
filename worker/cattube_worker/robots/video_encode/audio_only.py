"""/video/encode with a preset for sound."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from cattube_worker.robots.shared.audio_encoding import AudioEncoding
from cattube_worker.robots.shared.encode_parameters import AudioPresetName


class AudioOnlyEncode(AudioEncoding):
    """Parameters about video are accepted, and without effect: none is left."""

    name: ClassVar[str] = "/video/encode"

    preset: AudioPresetName = "mp3"
    width: int | None = Field(None, ge=1)
    height: int | None = Field(None, ge=1)
    resize_strategy: str = "pad"
    zoom: bool = True
    background: str = ""
    turbo: bool = False
    chunk_duration: int | None = Field(None, ge=1)
